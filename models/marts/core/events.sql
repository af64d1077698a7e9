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
-- change on another rhythm than the events. A bot is a device, so an event is a bot's
-- when its session is; a server's own user agent says nothing of the person.
identified as (
    select
        events.*,
        bots.bot_category,
        coalesce(
            events.user_id,
            sessions.person_id,
            server_events.person_id,
            events.anonymous_id
        ) as person_id,
        bots.user_agent is not null as is_bot
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
),

final as (
    select
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
