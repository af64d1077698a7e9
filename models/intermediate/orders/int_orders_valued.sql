with

orders as (
    select
        *,
        {{ status_key('status') }} as status_key
    from {{ ref('stg_orders') }}
),

statuses as (
    select * from {{ ref('stg_order_statuses') }}
),

-- Money that went back, whichever sign the application gives it.
refunds as (
    select
        order_id,
        {{ as_money('sum(abs(amount))') }} as refunded_amount
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

rates as (
    select * from {{ ref('int_exchange_rates_found') }}
),

-- A status that nobody explained counts as nothing until somebody does.
joined as (
    select
        orders.*,
        users_merged.kept_user_id,
        refunds.refunded_amount,
        items.item_count,
        rates.exchange_rate,
        coalesce(statuses.counts_as_sale, false) as counts_as_sale,
        coalesce(statuses.is_cancelled, false) as is_cancelled,
        coalesce(statuses.is_refunded, false) as is_refunded,
        statuses.status_key is not null as has_known_status
    from orders
    left join statuses
        on coalesce(orders.status_key, '(none)') = statuses.status_key
    left join refunds
        on orders.order_id = refunds.order_id
    left join items
        on orders.order_id = items.order_id
    left join {{ ref('int_user_ids_merged') }} as users_merged
        on orders.user_id = users_merged.user_id
    left join rates
        on
            coalesce(orders.currency, '(none)') = rates.currency
            and coalesce({{ reporting_date('orders.ordered_at') }}, date '0001-01-01')
            = rates.amount_date
),

-- Net of cancellations and refunds. An order marked refunded without a refund's amount
-- was refunded whole.
valued as (
    select
        order_id,
        coalesce(kept_user_id, user_id) as user_id,
        status,
        currency,
        subtotal_amount,
        discount_amount,
        shipping_amount,
        total_amount,
        coalesce(refunded_amount, {{ as_decimal(0) }}) as refunded_amount,
        case
            when not counts_as_sale then {{ as_decimal(0) }}
            when is_refunded and refunded_amount is null then {{ as_decimal(0) }}
            else {{ as_money('total_amount - coalesce(refunded_amount, 0)') }}
        end as net_revenue,
        coalesce(item_count, 0) as item_count,
        exchange_rate,
        counts_as_sale,
        is_cancelled,
        has_known_status,
        ordered_at
    from joined
),

-- What is worth nothing is worth nothing in every currency.
converted as (
    select
        *,
        case
            when net_revenue = 0 then {{ as_decimal(0) }}
            else {{ money_times('net_revenue', 'exchange_rate') }}
        end as reporting_revenue
    from valued
)

select * from converted
