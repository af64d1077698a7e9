with

products as (
    select * from {{ ref('stg_products') }}
),

joined as (
    select
        products.product_id,
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
    from products
    left join {{ ref('int_products_viewed') }} as viewed
        on products.product_id = viewed.product_id
    left join {{ ref('int_products_purchased') }} as purchased
        on products.product_id = purchased.product_id
    left join {{ ref('int_products_reviewed') }} as reviewed
        on products.product_id = reviewed.product_id
)

select * from joined
