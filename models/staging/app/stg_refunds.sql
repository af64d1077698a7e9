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
