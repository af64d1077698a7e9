with

reviews as (
    select * from {{ ref('stg_reviews') }}
),

products as (
    select product_id from {{ ref('int_products_known') }}
),

placed as (
    select
        reviews.rating,
        coalesce(products.product_id, '(unknown)') as product_id
    from reviews
    left join products
        on reviews.product_id = products.product_id
),

counted as (
    select
        product_id,
        count(*) as review_count,
        {{ ratio('sum(rating)', 'count(rating)') }} as average_rating
    from placed
    group by product_id
)

select * from counted
