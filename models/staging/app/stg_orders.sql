with

source as (
    {{ read_raw('orders') }}
),

renamed as (
    select
        id as order_id,
        user_id,
        lower(trim(status)) as status,
        currency,
        subtotal_amount,
        discount_amount,
        shipping_amount,
        total_amount,
        ordered_at
    from source
)

select * from renamed
