with

touches as (
    select * from {{ ref('int_touches_found') }}
),

removal_effects as (
    select * from {{ ref('int_removal_effects_found') }}
),

placed as (
    select
        conversion_id,
        conversion_name,
        channel,
        touch_index,
        touch_count,
        touched_at,
        coalesce(
            max(case when not {{ is_direct('source') }} then touch_index end)
                over (partition by conversion_id),
            touch_count
        ) as last_non_direct_index,
        count(*) over (partition by conversion_id, channel) as channel_touch_count,
        max(touched_at) over (partition by conversion_id) as last_touched_at
    from touches
),

joined as (
    select
        placed.*,
        coalesce(removal_effects.billionths, 0) as billionths
    from placed
    left join removal_effects
        on
            placed.conversion_name = removal_effects.conversion_name
            and placed.channel = removal_effects.channel
),

-- Whole numbers, which add up to the same in whatever order. Position: 40, 20 and 40 in
-- a hundred are 2 (n - 2), 1 for each between, and 2 (n - 2). Decay: half for each week
-- before the last touch. A channel's weight is shared equally by its touches; it is
-- never zero, or a conversion might have none to share.
weighted as (
    select
        conversion_id,
        touch_index,
        case when touch_index = 1 then 1 else 0 end as first_touch_weight,
        case when touch_index = touch_count then 1 else 0 end as last_touch_weight,
        case
            when touch_index = last_non_direct_index then 1 else 0
        end as last_non_direct_weight,
        1 as linear_weight,
        case
            when touch_count <= 2 then 1
            when touch_index in (1, touch_count) then 2 * (touch_count - 2)
            else 1
        end as position_based_weight,
        cast(round(1000000000 * power(0.5, {{ divided(
            microseconds_between('touched_at', 'last_touched_at'), 604800000000
        ) }}), 0) as bigint) as time_decay_weight,
        greatest(1, cast(round({{ divided(
            '1000 * billionths', 'channel_touch_count'
        ) }}, 0) as bigint)) as markov_weight,
        cast(round({{ divided(1000000000000, 'channel_touch_count') }}, 0) as bigint)
            as shapley_weight
    from joined
)

select * from weighted
