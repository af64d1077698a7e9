with

orders as (
    select * from {{ ref('int_orders_valued') }}
),

products as (
    select * from {{ ref('stg_products') }}
),

order_items as (
    select * from {{ ref('stg_order_items') }}
),

refunds as (
    select * from {{ ref('stg_refunds') }}
),

reviews as (
    select * from {{ ref('stg_reviews') }}
),

lines_without_order as (
    select
        'order_items' as raw_table,
        order_items.order_item_id as row_id,
        'orders' as named_table,
        coalesce(order_items.order_id, '(none)') as named_id,
        order_items.amount
    from order_items
    left join orders
        on order_items.order_id = orders.order_id
    where orders.order_id is null
),

refunds_without_order as (
    select
        'refunds' as raw_table,
        refunds.refund_id as row_id,
        'orders' as named_table,
        coalesce(refunds.order_id, '(none)') as named_id,
        abs(refunds.amount) as amount
    from refunds
    left join orders
        on refunds.order_id = orders.order_id
    where orders.order_id is null
),

lines_without_product as (
    select
        'order_items' as raw_table,
        order_items.order_item_id as row_id,
        'products' as named_table,
        coalesce(order_items.product_id, '(none)') as named_id,
        order_items.amount
    from order_items
    inner join orders
        on order_items.order_id = orders.order_id
    left join products
        on order_items.product_id = products.product_id
    where products.product_id is null
),

reviews_without_product as (
    select
        'reviews' as raw_table,
        reviews.review_id as row_id,
        'products' as named_table,
        coalesce(reviews.product_id, '(none)') as named_id,
        {{ as_decimal('null') }} as amount
    from reviews
    left join products
        on reviews.product_id = products.product_id
    where products.product_id is null
),

gathered as (
    select * from lines_without_order
    union all
    select * from refunds_without_order
    union all
    select * from lines_without_product
    union all
    select * from reviews_without_product
)

select * from gathered
