with

base as (
    select * from {{ ref('base_orders') }}
),

renamed as (
    select
        id as order_id,
        user_id,
        subtotal_amount,
        discount_amount,
        shipping_amount,
        total_amount,
        ordered_at,
        updated_at,
        {{ currency_code('currency') }} as currency,
        lower({{ trimmed('status') }}) as status
    from base
),

latest as (
    {{ latest_rows('renamed', 'order_id') }}
),

counted as (
    select
        *,
        count(*) over (partition by order_id) as row_count
    from latest
),

-- Which of two states is today's nobody can tell. In the condition, where no reader can
-- leave it out.
final as (
    select
        order_id,
        user_id,
        currency,
        subtotal_amount,
        discount_amount,
        shipping_amount,
        total_amount,
        ordered_at,
        updated_at,
        status
    from counted
    where
        case
            when row_count = 1 or order_id is null then true
            else {{ raise_error(
                "concat('The raw table orders holds order ', order_id, ' in ', "
                ~ "cast(row_count as string), ' rows that differ and have the same "
                ~ "updated_at, or none. Look in " ~ sql_text(raw_place('orders'))
                ~ " and keep the row of today, or give each its updated_at.')"
            ) }}
        end
)

select * from final
