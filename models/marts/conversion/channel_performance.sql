with

sessions as (
    select * from {{ ref('sessions') }}
    where not is_bot
),

attribution as (
    select * from {{ ref('attribution') }}
),

attribution_models as (
    {{ rows_of_attribution_models() }}
),

-- Where several definitions name orders, each order counts once as such: under the
-- first by name.
order_definitions as (
    select min(conversion_name) as conversion_name
    from attribution
    where order_id is not null
),

visited as (
    select
        session_date,
        channel,
        count(*) as session_count,
        count(distinct person_id) as person_count
    from sessions
    group by session_date, channel
),

visited_by_model as (
    select
        visited.session_date as performance_date,
        visited.channel,
        attribution_models.attribution_model,
        visited.session_count as sessions,
        visited.person_count as persons,
        {{ as_factor(0) }} as conversions,
        {{ as_decimal(0) }} as value,
        {{ as_factor(0) }} as orders,
        {{ as_decimal(0) }} as revenue
    from visited
    cross join attribution_models
),

converted_by_model as (
    select
        attribution.conversion_date as performance_date,
        attribution.channel,
        attribution.attribution_model,
        0 as sessions,
        0 as persons,
        attribution.credit as conversions,
        attribution.attributed_value as value,
        case
            when
                attribution.order_id is not null
                and attribution.conversion_name = order_definitions.conversion_name
                then attribution.credit
        end as orders,
        case
            when
                attribution.order_id is not null
                and attribution.conversion_name = order_definitions.conversion_name
                then attribution.attributed_value
        end as revenue
    from attribution
    cross join order_definitions
),

unioned as (
    select * from visited_by_model
    union all
    select * from converted_by_model
),

added_up as (
    select
        performance_date,
        channel,
        attribution_model,
        cast(sum(sessions) as bigint) as sessions,
        cast(sum(persons) as bigint) as persons,
        {{ as_factor('sum(conversions)') }} as conversions,
        {{ as_money('coalesce(sum(value), 0)') }} as value,
        {{ as_factor('coalesce(sum(orders), 0)') }} as orders,
        {{ as_money('coalesce(sum(revenue), 0)') }} as revenue
    from unioned
    group by performance_date, channel, attribution_model
)

select * from added_up
