-- depends_on: {{ ref('raw_tables') }}, {{ ref('stg_ignored_values') }}
with

source as (
    {{ read_raw('refunds') }}
),

-- The same row may come in two files.
renamed as (
    select distinct
        id as refund_id,
        order_id,
        amount,
        refunded_at
    from source
)

select * from renamed
