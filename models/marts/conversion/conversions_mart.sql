{{ config(
    alias='conversions',
    partition_by=partitioned_by_day('conversion_date'),
    cluster_by=['conversion_name']
) }}

with

definitions as (
    select * from {{ ref('stg_conversions') }}
),

events as (
    select * from {{ ref('int_events_defined_identified') }}
    where not is_bot
),

orders as (
    select * from {{ ref('int_orders_valued') }}
    where counts_as_sale
),

orders_matched as (
    select * from {{ ref('int_orders_matched') }}
),

identities as (
    select * from {{ ref('int_sessions_identified') }}
),

event_conversions as (
    select
        {{ dbt.hash(
            "definitions.conversion_name || '|' || events.event_id"
            ~ " || '|' || cast(events.device_date as string)"
        ) }} as conversion_id,
        definitions.conversion_name,
        events.person_id,
        events.session_id,
        cast(null as string) as order_id,
        {{ as_decimal(
            json_property_of_row('events.properties', 'definitions.value_from')
        ) }} as value,
        events.occurred_at as converted_at
    from events
    inner join definitions
        on events.normalized_event_name = lower(definitions.event_name)
    where lower(definitions.event_name) != 'order'
),

-- An order belongs to its user; a guest's to the person of the session that it was made
-- in.
order_conversions as (
    select
        {{ dbt.hash("definitions.conversion_name || '|' || orders.order_id") }}
            as conversion_id,
        definitions.conversion_name,
        coalesce(orders.user_id, identities.person_id) as person_id,
        orders_matched.session_id,
        orders.order_id,
        orders.net_revenue as value,
        orders.ordered_at as converted_at
    from orders
    inner join orders_matched
        on orders.order_id = orders_matched.order_id
    left join identities
        on orders_matched.session_id = identities.session_id
    inner join definitions
        on lower(definitions.event_name) = 'order'
),

unioned as (
    select * from event_conversions
    union all
    select * from order_conversions
),

dated as (
    select
        conversion_id,
        conversion_name,
        person_id,
        session_id,
        order_id,
        value,
        {{ reporting_date('converted_at') }} as conversion_date,
        converted_at
    from unioned
)

select * from dated
