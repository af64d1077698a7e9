-- depends_on: {{ ref('raw_tables') }}, {{ ref('stg_ignored_values') }}
with

source as (
    {{ read_raw('products') }}
),

renamed as (
    select
        id as product_id,
        name as product_name,
        category,
        currency,
        price,
        created_at
    from source
)

select * from renamed
