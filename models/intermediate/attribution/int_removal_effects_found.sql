with

states as (
    select
        matrix_name,
        from_state as state,
        row_index as state_index
    from {{ ref('int_transition_matrices_built') }}
    where row_index = column_index
),

visits as (
    select
        inverted.matrix_name as conversion_name,
        from_states.state as from_state,
        to_states.state as to_state,
        inverted.cell_value as visit_count
    from {{ ref('int_transition_matrices_inverted') }} as inverted
    inner join states as from_states
        on
            inverted.matrix_name = from_states.matrix_name
            and inverted.row_index = from_states.state_index
    inner join states as to_states
        on
            inverted.matrix_name = to_states.matrix_name
            and inverted.column_index = to_states.state_index
),

-- Who converts without a channel is who converts, less who ever comes to it and
-- converts from there. Visits to a channel from the start, divided by those from
-- itself, are the probability of ever coming to it.
channels as (
    select
        from_itself.conversion_name,
        from_itself.from_state as channel,
        from_start.visit_count as visits_from_start,
        from_itself.visit_count as visits_from_itself,
        to_conversion.visit_count as conversions_from_channel,
        all_conversions.visit_count as conversions_from_start
    from visits as from_itself
    inner join visits as from_start
        on
            from_itself.conversion_name = from_start.conversion_name
            and from_itself.from_state = from_start.to_state
            and from_start.from_state = '(start)'
    inner join visits as to_conversion
        on
            from_itself.conversion_name = to_conversion.conversion_name
            and from_itself.from_state = to_conversion.from_state
            and to_conversion.to_state = '(conversion)'
    inner join visits as all_conversions
        on
            from_itself.conversion_name = all_conversions.conversion_name
            and all_conversions.from_state = '(start)'
            and all_conversions.to_state = '(conversion)'
    where
        from_itself.from_state = from_itself.to_state
        and from_itself.from_state not in ('(start)', '(conversion)')
),

effects as (
    select
        conversion_name,
        channel,
        cast(round(1000000000 * {{ divided(
            'visits_from_start * conversions_from_channel',
            'visits_from_itself * conversions_from_start'
        ) }}, 0) as bigint) as billionths
    from channels
),

-- Whole numbers, so that the share is one division of two of them.
shared as (
    select
        conversion_name,
        channel,
        billionths,
        {{ as_factor(divided('billionths', 1000000000)) }} as removal_effect,
        {{ as_factor(ratio(
            'billionths', 'sum(billionths) over (partition by conversion_name)'
        )) }} as removal_share
    from effects
)

select * from shared
