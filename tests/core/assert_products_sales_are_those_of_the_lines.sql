-- No line of a sale is lost or counted twice between the order lines and the products.
with

lines_sold as (
    select
        coalesce(
            sum({{ money_times('order_items.amount', 'orders.exchange_rate') }}), 0
        ) as amount,
        coalesce(sum(order_items.quantity), 0) as quantity
    from {{ ref('stg_order_items') }} as order_items
    inner join {{ ref('orders') }} as orders
        on order_items.order_id = orders.order_id
    where orders.counts_as_sale
),

products_sold as (
    select
        coalesce(sum(gross_revenue), 0) as amount,
        coalesce(sum(units_sold), 0) as quantity
    from {{ ref('products') }}
)

select
    lines_sold.amount as amount_of_lines,
    products_sold.amount as amount_of_products,
    lines_sold.quantity as quantity_of_lines,
    products_sold.quantity as quantity_of_products
from lines_sold
cross join products_sold
-- Without lines, sales are those of events.
where
    (select count(*) from {{ ref('stg_order_items') }}) > 0
    and (
        lines_sold.amount <> products_sold.amount
        or lines_sold.quantity <> products_sold.quantity
    )
