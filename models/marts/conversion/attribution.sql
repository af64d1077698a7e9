{{ config(
    partition_by=partitioned_by_day('conversion_date'),
    cluster_by=['attribution_model', 'conversion_name']
) }}

with

conversions as (
    select * from {{ ref('conversions_mart') }}
),

touches as (
    select * from {{ ref('int_touches_found') }}
),

weights as (
    select * from {{ ref('int_touches_weighted') }}
),

attribution_models as (
    {{ rows_of_attribution_models() }}
),

modelled as (
    select
        weights.conversion_id,
        weights.touch_index,
        attribution_models.attribution_model,
        {{ weight_of_model('attribution_models.attribution_model') }} as weight
    from weights
    cross join attribution_models
),

added_up as (
    select
        conversion_id,
        touch_index,
        attribution_model,
        weight,
        sum(weight) over (
            partition by conversion_id, attribution_model
            order by touch_index
            rows between unbounded preceding and current row
        ) as weight_up_to,
        sum(weight) over (
            partition by conversion_id, attribution_model
        ) as weight_of_all
    from modelled
),

-- Shares are rounded from the first touch up to each, and a touch gets the difference
-- to the one before: however many there are, they sum to one, and none is below zero.
shared as (
    select
        conversion_id,
        touch_index,
        attribution_model,
        {{ as_factor(ratio('weight_up_to', 'weight_of_all')) }} as share_up_to,
        {{ as_factor(ratio('weight_up_to - weight', 'weight_of_all')) }} as share_before
    from added_up
),

-- The same with the value, so that it too sums to all of it.
attributed as (
    select
        conversions.conversion_id,
        conversions.conversion_name,
        conversions.person_id,
        conversions.order_id,
        touches.session_id,
        shared.attribution_model,
        touches.source,
        touches.medium,
        touches.campaign,
        touches.channel,
        touches.touch_index,
        touches.touch_count,
        {{ as_factor('shared.share_up_to - shared.share_before') }} as credit,
        {{ as_decimal(
            money_times('conversions.value', 'shared.share_up_to') ~ ' - '
            ~ money_times('conversions.value', 'shared.share_before')
        ) }} as attributed_value,
        conversions.conversion_date,
        touches.touched_at
    from shared
    inner join touches
        on
            shared.conversion_id = touches.conversion_id
            and shared.touch_index = touches.touch_index
    inner join conversions
        on shared.conversion_id = conversions.conversion_id
),

touched_conversions as (
    select distinct conversion_id from touches
),

unattributed as (
    select
        conversions.conversion_id,
        conversions.conversion_name,
        conversions.person_id,
        conversions.order_id,
        cast(null as string) as session_id,
        attribution_models.attribution_model,
        '(unattributed)' as source,
        '(unattributed)' as medium,
        cast(null as string) as campaign,
        '(unattributed)' as channel,
        0 as touch_index,
        0 as touch_count,
        {{ as_factor(1) }} as credit,
        conversions.value as attributed_value,
        conversions.conversion_date,
        cast(null as timestamp) as touched_at
    from conversions
    left join touched_conversions
        on conversions.conversion_id = touched_conversions.conversion_id
    cross join attribution_models
    where touched_conversions.conversion_id is null
),

unioned as (
    select * from attributed
    union all
    select * from unattributed
)

select * from unioned
