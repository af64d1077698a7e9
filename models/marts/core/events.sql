{{ config(materialized='view', meta={'filter_required_on': 'event_date'}) }}

with

events as (
    select * from {{ ref('int_events_sessionized') }}
    where not is_duplicate
),

-- Who an event belongs to and whether it is a bot's are looked up and not stored: both
-- change on another rhythm than the events.
identified as (
    {{ identified_events(
        'events', ref('int_sessions_identified'), ref('int_server_events_identified')
    ) }}
),

final as (
    select
        event_key,
        event_id,
        anonymous_id,
        user_id,
        person_id,
        session_id,
        order_id,

        event_name,
        normalized_event_name,
        platform,
        app_version,
        page,
        page_host,
        page_url,
        page_title,
        page_referrer,
        element,
        user_agent,
        device_category,
        os,
        browser,
        country,
        language,
        properties,

        event_index,
        sequence_number,

        is_page_view,
        is_bot,
        bot_category,

        event_date,
        device_date,
        occurred_at,
        device_occurred_at,
        received_at,
        loaded_at
    from identified
)

select * from final
