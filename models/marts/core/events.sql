{{ config(materialized='view') }}

with

events as (
    select * from {{ ref('int_events_sessionized') }}
),

sessions as (
    select * from {{ ref('int_sessions_identified') }}
),

server_events as (
    select * from {{ ref('int_server_events_identified') }}
),

bots as (
    select * from {{ ref('int_user_agents_classified') }}
),

-- Who an event belongs to and whether it is a bot's are looked up and not stored: both
-- change on another rhythm than the events. A bot is a device, so an event is a bot's when
-- its session is; a server's own user agent says nothing of the person.
identified as (
    select
        events.event_id,
        events.anonymous_id,
        events.user_id,
        coalesce(
            events.user_id, sessions.person_id, server_events.person_id, events.anonymous_id
        ) as person_id,
        events.session_id,
        events.order_id,

        events.event_name,
        events.normalized_event_name,
        events.platform,
        events.app_version,
        events.page,
        events.page_url,
        events.page_title,
        events.page_referrer,
        events.element,
        events.user_agent,
        events.device_category,
        events.os,
        events.browser,
        events.country,
        events.language,
        events.properties,

        events.event_index,

        events.is_page_view,
        bots.user_agent is not null as is_bot,
        bots.bot_category,

        events.event_date,
        events.device_date,
        events.occurred_at,
        events.device_occurred_at,
        events.received_at,
        events.loaded_at
    from events
    left join sessions
        on events.session_id = sessions.session_id
    left join server_events
        on
            events.event_id = server_events.event_id
            and events.device_date = server_events.device_date
            and events.session_id is null
    left join bots
        on sessions.user_agent = bots.user_agent
)

select * from identified
