-- The whole of each model is what was converted, ordered and visited, (unattributed)
-- included.
with

performance as (
    select
        attribution_model,
        sum(sessions) as sessions,
        sum(conversions) as conversions,
        sum(value) as value,
        sum(orders) as orders,
        sum(revenue) as revenue
    from {{ ref('channel_performance') }}
    group by attribution_model
),

visits as (
    select count(*) as session_count from {{ ref('sessions') }}
    where not is_bot
),

converted as (
    select
        count(*) as conversion_count,
        coalesce(sum(value), 0) as value
    from {{ ref('conversions_mart') }}
),

definitions as (
    select count(*) as definition_count from {{ ref('stg_conversions') }}
    where lower(event_name) = 'order'
),

-- Where no definition names orders, none is attributed.
ordered as (
    select
        count(*) as order_count,
        coalesce(sum(orders.reporting_revenue), 0) as revenue
    from {{ ref('orders') }} as orders
    cross join definitions
    where orders.counts_as_sale and definitions.definition_count > 0
)

select
    performance.*,
    visits.session_count,
    converted.conversion_count,
    converted.value as value_of_conversions,
    ordered.order_count,
    ordered.revenue as revenue_of_orders
from performance
cross join visits
cross join converted
cross join ordered
where
    performance.sessions <> visits.session_count
    or performance.conversions <> converted.conversion_count
    or performance.value <> converted.value
    or performance.orders <> ordered.order_count
    or performance.revenue <> ordered.revenue
