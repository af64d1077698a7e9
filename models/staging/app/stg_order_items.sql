-- depends_on: {{ ref('raw_tables') }}, {{ ref('stg_ignored_values') }}
with

source as (
    {{ read_raw('order_items') }}
),

-- The same row may come in two files. A rounded price times a quantity misses the line
-- by some cents, so the line's own amount goes first.
renamed as (
    select distinct
        id as order_item_id,
        order_id,
        product_id,
        quantity,
        unit_price,
        coalesce(amount, {{ as_money('quantity * unit_price') }}) as amount
    from source
)

select * from renamed
