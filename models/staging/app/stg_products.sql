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
        price,
        created_at,
        updated_at,
        {{ currency_code('currency') }} as currency
    from source
),

latest as (
    {{ latest_rows('renamed', 'product_id') }}
),

final as (
    select
        product_id,
        product_name,
        category,
        currency,
        price,
        created_at
    from latest
)

select * from final
