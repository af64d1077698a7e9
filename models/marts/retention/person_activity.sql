{{ config(**stored_by_day('activity_date', ['person_id'])) }}

with

session_event_days as (
    select * from {{ ref('int_session_events_counted') }}
),

event_names as (
    select * from {{ ref('int_event_names_classified') }}
    where counts_as_activity
),

active_days as (
    select
        session_event_days.person_id,
        session_event_days.event_date as activity_date,
        cast(sum(session_event_days.event_count) as bigint) as event_count,
        count(distinct session_event_days.session_key) as session_count
    from session_event_days
    inner join event_names
        on
            session_event_days.normalized_event_name = event_names.normalized_event_name
            and (session_event_days.session_key is null) = event_names.is_server_event
    group by session_event_days.person_id, session_event_days.event_date
)

select * from active_days
