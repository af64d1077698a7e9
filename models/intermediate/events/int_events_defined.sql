{{ config(**replaced_by_day(
    'event_date', rules='definitions', cluster_by=['normalized_event_name']
)) }}

with

events as (
    select * from {{ ref('int_events_sessionized') }}
    where {{ on_dates('event_date', dates_to_replace()) }}
),

event_names as (
    select * from {{ ref('int_event_names_defined') }}
),

-- What a definition names, and what carries an order.
chosen as (
    select
        event_id,
        anonymous_id,
        user_id,
        session_id,
        order_id,
        {{ json_id('properties', 'product_id') }} as product_id,

        normalized_event_name,
        platform,
        app_version,
        page,
        element,
        device_category,
        os,
        browser,
        country,
        language,
        properties,

        event_date,
        device_date,
        occurred_at
    from events
    where
        order_id is not null
        or normalized_event_name in (
            select event_names.normalized_event_name from event_names
        )
        or '*' in (select event_names.normalized_event_name from event_names)
)

select * from chosen
