with

order_items as (
    select * from {{ ref('stg_order_items') }}
),

-- An order that counts as no sale sold nothing. Refunds are known by order and not by
-- item, so they are not taken off here.
orders as (
    select * from {{ ref('int_orders_valued') }}
    where counts_as_sale
),

lines_of_orders as (
    select
        order_items.order_id,
        order_items.product_id,
        order_items.quantity,
        {{ money_times('order_items.amount', 'orders.exchange_rate') }} as amount
    from order_items
    inner join orders
        on order_items.order_id = orders.order_id
),

-- A service that hands in no order lines has those of its events. Of several events of
-- one order the first counts; one that names no order is an order.
events as (
    select
        *,
        coalesce(order_id, cast(event_key as string)) as order_or_event,
        coalesce(quantity, {{ as_decimal(1) }}) as units
    from {{ ref('int_product_events') }}
    where normalized_event_name = 'order_completed'
),

events_identified as (
    {{ identified_events(
        'events', ref('int_sessions_identified'), ref('int_server_events_identified')
    ) }}
),

ranked as (
    select
        *,
        dense_rank() over (
            partition by order_or_event
            order by occurred_at, event_key
        ) as occurrence
    from events_identified
    where not is_bot
),

handed_in as (
    select count(*) as line_count from order_items
),

rates as (
    select * from {{ ref('int_exchange_rates_found') }}
),

lines_of_events as (
    select
        ranked.order_or_event as order_id,
        ranked.product_id,
        ranked.units as quantity,
        {{ money_times(
            as_money('ranked.price * ranked.units'), 'rates.exchange_rate'
        ) }} as amount
    from ranked
    cross join handed_in
    left join rates
        on
            coalesce(ranked.currency, '(none)') = rates.currency
            and ranked.event_date = rates.amount_date
    where
        ranked.occurrence = 1
        and handed_in.line_count = 0
),

unioned as (
    select * from lines_of_orders
    union all
    select * from lines_of_events
)

select * from unioned
