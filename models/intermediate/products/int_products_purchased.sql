with

order_items as (
    select * from {{ ref('stg_order_items') }}
),

-- A cancelled order sold nothing. Refunds are known by order and not by item, so they
-- are not taken off here.
orders as (
    select * from {{ ref('stg_orders') }}
    where coalesce(status, '') != 'cancelled'
),

counted as (
    select
        order_items.product_id,
        count(distinct orders.order_id) as purchase_count,
        cast(sum(order_items.quantity) as bigint) as units_sold,
        {{ as_decimal('sum(order_items.quantity * order_items.unit_price)') }}
            as gross_revenue
    from order_items
    inner join orders
        on order_items.order_id = orders.order_id
    where order_items.product_id is not null
    group by order_items.product_id
)

select * from counted
