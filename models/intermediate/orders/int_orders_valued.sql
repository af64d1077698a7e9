with

orders as (
    select * from {{ ref('stg_orders') }}
),

refunds as (
    select
        order_id,
        {{ as_decimal('sum(amount)') }} as refunded_amount
    from {{ ref('stg_refunds') }}
    group by order_id
),

items as (
    select
        order_id,
        cast(sum(quantity) as bigint) as item_count
    from {{ ref('stg_order_items') }}
    group by order_id
),

-- Net of cancellations and refunds. An order marked refunded without a refund's amount
-- was refunded whole.
valued as (
    select
        orders.order_id,
        orders.user_id,
        orders.status,
        orders.currency,
        orders.subtotal_amount,
        orders.discount_amount,
        orders.shipping_amount,
        orders.total_amount,
        coalesce(refunds.refunded_amount, {{ as_decimal(0) }}) as refunded_amount,
        case
            when orders.status = 'cancelled' then {{ as_decimal(0) }}
            when orders.status = 'refunded' and refunds.refunded_amount is null
                then {{ as_decimal(0) }}
            else {{ as_decimal(
                'orders.total_amount - coalesce(refunds.refunded_amount, 0)'
            ) }}
        end as net_revenue,
        coalesce(items.item_count, 0) as item_count,
        orders.ordered_at
    from orders
    left join refunds
        on orders.order_id = refunds.order_id
    left join items
        on orders.order_id = items.order_id
)

select * from valued
