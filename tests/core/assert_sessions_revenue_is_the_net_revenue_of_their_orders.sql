-- The same between the orders and the sessions they were made in.
with

ordered as (
    select
        session_id,
        count(case when counts_as_sale then 1 end) as order_count,
        sum(reporting_revenue) as net_revenue
    from {{ ref('orders') }}
    where session_id is not null
    group by session_id
)

select
    sessions.session_id as session_id_in_sessions,
    ordered.session_id as session_id_in_orders,
    sessions.order_count,
    ordered.order_count as counted_order_count,
    sessions.revenue,
    ordered.net_revenue
from {{ ref('sessions') }} as sessions
full outer join ordered
    on sessions.session_id = ordered.session_id
where
    sessions.session_id is null
    or sessions.order_count <> coalesce(ordered.order_count, 0)
    or sessions.revenue is distinct from coalesce(ordered.net_revenue, 0)
