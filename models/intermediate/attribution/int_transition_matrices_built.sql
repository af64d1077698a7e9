{{ config(materialized='view') }}

with

transitions as (
    select
        *,
        sum(transition_count) over (
            partition by conversion_name, from_state
        ) as leaving_count
    from {{ ref('int_channel_transitions_counted') }}
),

states as (
    select distinct
        conversion_name,
        from_state as state
    from transitions
    union distinct
    select
        conversion_name,
        '(conversion)' as state
    from transitions
),

-- In the order of names, so that each run and engine calculates in one order.
numbered as (
    select
        conversion_name,
        state,
        row_number() over (partition by conversion_name order by state) as state_index
    from states
),

pairs as (
    select
        from_states.conversion_name,
        from_states.state as from_state,
        from_states.state_index as row_index,
        to_states.state as to_state,
        to_states.state_index as column_index
    from numbered as from_states
    inner join numbered as to_states
        on from_states.conversion_name = to_states.conversion_name
),

-- One less the probability of going there next; whoever converted stays.
cells as (
    select
        pairs.conversion_name as matrix_name,
        pairs.from_state,
        pairs.row_index,
        pairs.to_state,
        pairs.column_index,
        case when pairs.row_index = pairs.column_index then 1 else 0 end
        - coalesce({{ ratio(
            'transitions.transition_count', 'transitions.leaving_count'
        ) }}, 0) as cell_value
    from pairs
    left join transitions
        on
            pairs.conversion_name = transitions.conversion_name
            and pairs.from_state = transitions.from_state
            and pairs.to_state = transitions.to_state
)

select * from cells
