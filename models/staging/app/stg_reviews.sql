-- depends_on: {{ ref('raw_tables') }}, {{ ref('stg_ignored_values') }}
with

source as (
    {{ read_raw('reviews') }}
),

-- The same row may come in two files.
renamed as (
    select distinct
        id as review_id,
        user_id,
        product_id,
        order_id,
        rating,
        created_at
    from source
)

select * from renamed
