with

products as (
    select * from {{ ref('stg_products') }}
),

product_events as (
    select
        person_id,
        normalized_event_name,
        {{ json_property('properties', 'product_id') }} as product_id
    from {{ ref('events') }}
    where
        normalized_event_name in ('product_viewed', 'product_added_to_cart')
        and not is_bot
),

behaviour as (
    select
        product_id,
        count(case when normalized_event_name = 'product_viewed' then 1 end) as view_count,
        count(distinct case when normalized_event_name = 'product_viewed' then person_id end)
            as viewer_count,
        count(case when normalized_event_name = 'product_added_to_cart' then 1 end)
            as cart_add_count
    from product_events
    group by product_id
),

-- A cancelled order sold nothing. Refunds are known by order and not by item, so they are
-- not taken off here.
purchases as (
    select
        order_items.product_id,
        count(distinct orders.order_id) as purchase_count,
        cast(sum(order_items.quantity) as bigint) as units_sold,
        {{ as_decimal('sum(order_items.quantity * order_items.unit_price)') }} as gross_revenue
    from {{ ref('stg_order_items') }} as order_items
    inner join {{ ref('stg_orders') }} as orders
        on order_items.order_id = orders.order_id
    where coalesce(orders.status, '') != 'cancelled'
    group by order_items.product_id
),

reviews as (
    select
        product_id,
        count(*) as review_count,
        {{ ratio('sum(rating)', 'count(rating)') }} as average_rating
    from {{ ref('stg_reviews') }}
    group by product_id
),

joined as (
    select
        products.product_id,
        products.product_name,
        products.category,
        products.currency,
        products.price,
        coalesce(behaviour.view_count, 0) as view_count,
        coalesce(behaviour.viewer_count, 0) as viewer_count,
        coalesce(behaviour.cart_add_count, 0) as cart_add_count,
        coalesce(purchases.purchase_count, 0) as purchase_count,
        coalesce(purchases.units_sold, 0) as units_sold,
        coalesce(purchases.gross_revenue, {{ as_decimal(0) }}) as gross_revenue,
        coalesce(reviews.review_count, 0) as review_count,
        reviews.average_rating,
        products.created_at
    from products
    left join behaviour
        on products.product_id = behaviour.product_id
    left join purchases
        on products.product_id = purchases.product_id
    left join reviews
        on products.product_id = reviews.product_id
)

select * from joined
