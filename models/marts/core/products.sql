with

products as (
    select
        product_id,
        product_name,
        category,
        currency,
        price,
        created_at
    from {{ ref('int_products_known') }}
),

viewed as (
    select * from {{ ref('int_products_viewed') }}
),

purchased as (
    select * from {{ ref('int_products_purchased') }}
),

reviewed as (
    select * from {{ ref('int_products_reviewed') }}
),

-- One row for all that name no known product, where there are any.
named as (
    select product_id from products
    union distinct
    select product_id from viewed
    union distinct
    select product_id from purchased
    union distinct
    select product_id from reviewed
),

joined as (
    select
        named.product_id,
        products.product_name,
        products.category,
        products.currency,
        products.price,
        coalesce(viewed.view_count, 0) as view_count,
        coalesce(viewed.viewer_count, 0) as viewer_count,
        coalesce(viewed.cart_add_count, 0) as cart_add_count,
        coalesce(purchased.purchase_count, 0) as purchase_count,
        coalesce(purchased.units_sold, 0) as units_sold,
        coalesce(purchased.gross_revenue, {{ as_decimal(0) }}) as gross_revenue,
        coalesce(reviewed.review_count, 0) as review_count,
        reviewed.average_rating,
        products.created_at
    from named
    left join products
        on named.product_id = products.product_id
    left join viewed
        on named.product_id = viewed.product_id
    left join purchased
        on named.product_id = purchased.product_id
    left join reviewed
        on named.product_id = reviewed.product_id
)

select * from joined
