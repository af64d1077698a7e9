-- depends_on: {{ ref('raw_tables') }}, {{ ref('stg_ignored_values') }}
with

source as (
    {{ read_raw('refunds') }}
),

renamed as (
    select
        id as refund_id,
        order_id,
        amount,
        refunded_at
    from source
)

select * from renamed
