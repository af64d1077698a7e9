with

orders as (
    select * from {{ ref('int_orders_valued') }}
),

orders_matched as (
    select * from {{ ref('int_orders_matched') }}
),

sessions as (
    select * from {{ ref('sessions') }}
),

joined as (
    select
        orders.order_id,
        orders.user_id,
        coalesce(orders.user_id, sessions.person_id) as person_id,
        sessions.session_id,

        orders.status,
        orders.currency,
        orders_matched.matched_by,
        sessions.channel,
        sessions.platform,

        orders.item_count,
        orders.subtotal_amount,
        orders.discount_amount,
        orders.shipping_amount,
        orders.total_amount,
        orders.refunded_amount,
        orders.net_revenue,
        orders.reporting_revenue,
        orders.exchange_rate,

        orders.counts_as_sale,
        orders.is_cancelled,

        {{ reporting_date('orders.ordered_at') }} as order_date,
        orders.ordered_at
    from orders
    inner join orders_matched
        on orders.order_id = orders_matched.order_id
    left join sessions
        on {{ session_id('orders_matched.session_key') }} = sessions.session_id
),

numbered as (
    select
        *,
        case
            when person_id is not null
                then row_number() over (
                    partition by person_id
                    order by ordered_at, order_id
                )
        end as order_number
    from joined
)

select * from numbered
