with

reviews as (
    select * from {{ ref('stg_reviews') }}
    where product_id is not null
),

counted as (
    select
        product_id,
        count(*) as review_count,
        {{ ratio('sum(rating)', 'count(rating)') }} as average_rating
    from reviews
    group by product_id
)

select * from counted
