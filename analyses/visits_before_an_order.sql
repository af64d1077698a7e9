-- How many visits, and how many days, does it take to order?
--
-- One row per number of visits in the 30 days before the order, that of the order
-- included. `channels` is the mean number of different channels on the way;
-- `median_days` lie between the first of these visits and the order.
with

orders as (
    select
        conversion_id,
        value
    from {{ ref('conversions_mart') }}
    where order_id is not null
),

paths as (
    select
        conversion_id,
        max(touch_count) as visits,
        count(distinct channel) as channel_count,
        min(touched_at) as first_touched_at,
        max(converted_at) as converted_at
    from {{ ref('touchpoints') }}
    group by conversion_id
),

grouped as (
    select
        orders.value,
        paths.channel_count,
        case
            when paths.visits is null then '0'
            when paths.visits >= 10 then '10 or more'
            when paths.visits >= 4 then '4 to 9'
            else cast(paths.visits as string)
        end as visits,
        {{ microseconds_between('paths.first_touched_at', 'paths.converted_at') }}
            as microseconds
    from orders
    left join paths
        on orders.conversion_id = paths.conversion_id
),

timed as (
    select
        *,
        {{ median_input('microseconds', 'visits') }} as median_input
    from grouped
),

counted as (
    select
        visits,
        count(*) as orders,
        sum(value) as revenue,
        avg(channel_count) as channels,
        {{ as_seconds(median_of('median_input')) }} / 86400 as median_days
    from timed
    group by visits
),

rated as (
    select
        visits,
        orders,
        round({{ ratio('orders', 'sum(orders) over ()') }}, 3) as order_share,
        round(revenue, 2) as net_revenue,
        round(channels, 2) as channels,
        round(median_days, 1) as median_days
    from counted
)

select * from rated
order by length(visits) asc, visits asc
