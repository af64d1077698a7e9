with

orders as (
    select * from {{ ref('int_orders_valued') }}
    where counts_as_sale
),

orders_matched as (
    select * from {{ ref('int_orders_matched') }}
),

identities as (
    select * from {{ ref('int_sessions_identified') }}
),

-- An order belongs to its user; a guest's to the person of the session that it was made
-- in.
identified as (
    select
        orders.order_id,
        identities.session_key,
        identities.session_id,
        orders.currency,
        orders.net_revenue,
        orders.reporting_revenue,
        orders.ordered_at,
        coalesce(orders.user_id, identities.person_id) as person_id,
        {{ reporting_date('orders.ordered_at') }} as order_date
    from orders
    inner join orders_matched
        on orders.order_id = orders_matched.order_id
    left join identities
        on orders_matched.session_key = identities.session_key
)

select * from identified
