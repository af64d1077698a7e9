with

source as (
    {{ read_raw('orders') }}
),

renamed as (
    select
        id as order_id,
        user_id,
        currency,
        subtotal_amount,
        discount_amount,
        shipping_amount,
        total_amount,
        ordered_at,
        lower({{ trimmed('status') }}) as status
    from source
)

select * from renamed
