{{ config(**stored_by_day('event_date', ['normalized_event_name'])) }}

with

session_days as (
    select * from {{ ref('int_session_days_counted') }}
),

sessions as (
    select * from {{ ref('int_sessions_identified') }}
),

server_events as (
    select * from {{ ref('int_server_events_identified') }}
),

-- The compact fact behind persons, activity and retention: what happened in a session
-- on a day. Server events have no session and stand under their person alone.
session_counts as (
    select
        sessions.person_id,
        sessions.session_key,
        session_days.event_date,
        session_days.normalized_event_name,
        sessions.user_id,
        cast(sum(session_days.event_count) as bigint) as event_count,
        min(session_days.first_occurred_at) as first_occurred_at,
        max(session_days.last_occurred_at) as last_occurred_at
    from session_days
    inner join sessions
        on session_days.session_key = sessions.session_key
    where not sessions.is_bot
    group by
        sessions.person_id, sessions.session_key, sessions.user_id,
        session_days.event_date, session_days.normalized_event_name
),

server_counts as (
    select
        person_id,
        cast(null as bigint) as session_key,
        event_date,
        normalized_event_name,
        max(user_id) as user_id,
        count(*) as event_count,
        min(occurred_at) as first_occurred_at,
        max(occurred_at) as last_occurred_at
    from server_events
    group by person_id, event_date, normalized_event_name
),

unioned as (
    select * from session_counts
    union all
    select * from server_counts
)

select * from unioned
