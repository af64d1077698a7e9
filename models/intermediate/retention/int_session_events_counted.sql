with

events as (
    select * from {{ ref('events') }}
    where not is_bot
),

-- The compact fact behind persons, activity and retention: what happened in a session
-- on a day. Server events have no session and stand under their person alone.
counted as (
    select
        person_id,
        session_id,
        event_date,
        normalized_event_name,
        max(case when person_id = user_id then user_id end) as user_id,
        count(*) as event_count,
        min(occurred_at) as first_occurred_at,
        max(occurred_at) as last_occurred_at
    from events
    group by person_id, session_id, event_date, normalized_event_name
)

select * from counted
