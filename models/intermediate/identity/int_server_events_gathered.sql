{{ config(**replaced_by_day('event_date', cluster_by=['event_id'])) }}

with

events as (
    select
        event_id,
        anonymous_id,
        user_id,
        normalized_event_name,
        event_date,
        device_date,
        occurred_at
    from {{ ref('int_events_sessionized') }}
    where
        session_id is null
        and {{ on_dates('event_date', dates_to_replace()) }}
)

select * from events
