{{ config(materialized='view') }}

with

events as (
    select * from {{ ref('int_events_defined') }}
),

identified as (
    {{ identified_events('events') }}
),

final as (
    select
        event_id,
        anonymous_id,
        user_id,
        person_id,
        session_id,
        order_id,
        product_id,
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
        is_bot,
        bot_category,
        event_date,
        device_date,
        occurred_at
    from identified
)

select * from final
