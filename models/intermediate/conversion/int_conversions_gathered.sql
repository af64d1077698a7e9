with

definitions as (
    select * from {{ ref('stg_conversions') }}
    where lower(event_name) = 'order'
),

events as (
    select * from {{ ref('int_conversion_events') }}
),

events_identified as (
    {{ identified_events(
        'events', ref('int_sessions_identified'), ref('int_server_events_identified')
    ) }}
),

rates as (
    select * from {{ ref('int_exchange_rates_found') }}
),

orders as (
    select * from {{ ref('int_orders_identified') }}
),

-- A value without a currency is taken for one in the reporting currency.
event_conversions as (
    select
        {{ dbt.hash(
            "events_identified.conversion_name || '|' "
            ~ "|| cast(events_identified.event_key as string)"
        ) }} as conversion_id,
        events_identified.conversion_name,
        events_identified.person_id,
        events_identified.session_key,
        events_identified.session_id,
        cast(null as string) as order_id,
        events_identified.currency,
        events_identified.value as amount,
        case
            when events_identified.currency is null then events_identified.value
            else {{ money_times('events_identified.value', 'rates.exchange_rate') }}
        end as value,
        events_identified.occurred_at as converted_at
    from events_identified
    left join rates
        on
            events_identified.currency = rates.currency
            and events_identified.event_date = rates.amount_date
    where not events_identified.is_bot
),

order_conversions as (
    select
        {{ dbt.hash("definitions.conversion_name || '|' || orders.order_id") }}
            as conversion_id,
        definitions.conversion_name,
        orders.person_id,
        orders.session_key,
        orders.session_id,
        orders.order_id,
        orders.currency,
        orders.net_revenue as amount,
        orders.reporting_revenue as value,
        orders.ordered_at as converted_at
    from orders
    cross join definitions
),

unioned as (
    select * from event_conversions
    union all
    select * from order_conversions
)

select * from unioned
