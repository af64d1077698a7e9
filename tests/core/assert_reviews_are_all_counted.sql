-- Every review is one of a product, be it an unknown one.
with

written as (
    select count(*) as review_count from {{ ref('stg_reviews') }}
),

counted as (
    select coalesce(sum(review_count), 0) as review_count from {{ ref('products') }}
)

select
    written.review_count as reviews_written,
    counted.review_count as reviews_counted
from written
cross join counted
where written.review_count <> counted.review_count
