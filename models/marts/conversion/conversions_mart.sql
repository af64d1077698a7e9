{{ config(
    alias='conversions',
    partition_by=partitioned_by_day('conversion_date'),
    cluster_by=['conversion_name']
) }}

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
        {{ dbt.hash("conversion_name || '|' || cast(event_key as string)") }}
            as conversion_id,
        conversion_name,
        person_id,
        session_id,
        cast(null as string) as order_id,
        value,
        occurred_at as converted_at
    from events_identified
    where not is_bot
),

-- An order belongs to its user; a guest's to the person of the session that it was made
-- in.
order_conversions as (
    select
        {{ dbt.hash("definitions.conversion_name || '|' || orders.order_id") }}
            as conversion_id,
        definitions.conversion_name,
        coalesce(orders.user_id, identities.person_id) as person_id,
        identities.session_id,
        orders.order_id,
        orders.net_revenue as value,
        orders.ordered_at as converted_at
    from orders
    inner join orders_matched
        on orders.order_id = orders_matched.order_id
    left join identities
        on orders_matched.session_key = identities.session_key
    cross join definitions
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
