with

order_items as (
    select * from {{ ref('stg_order_items') }}
),

-- An order that counts as no sale sold nothing. Refunds are known by order and not by
-- item, so they are not taken off here.
orders as (
    select * from {{ ref('int_orders_valued') }}
    where counts_as_sale
),

products as (
    select product_id from {{ ref('stg_products') }}
),

-- A line of a product that the application does not have stays in the sums.
sold as (
    select
        orders.order_id,
        order_items.quantity,
        {{ money_times('order_items.amount', 'orders.exchange_rate') }} as amount,
        coalesce(products.product_id, '(unknown)') as product_id
    from order_items
    inner join orders
        on order_items.order_id = orders.order_id
    left join products
        on order_items.product_id = products.product_id
),

counted as (
    select
        product_id,
        count(distinct order_id) as purchase_count,
        cast(sum(quantity) as bigint) as units_sold,
        {{ as_money('sum(amount)') }} as gross_revenue
    from sold
    group by product_id
)

select * from counted
