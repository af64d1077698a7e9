{{ config(**replaced_by_day('event_date', cluster_by=['event_key'])) }}

with

events as (
    select
        event_key,
        anonymous_id,
        user_id,
        normalized_event_name,
        event_date,
        occurred_at
    from {{ ref('int_events_sessionized') }}
    where
        session_key is null
        and not is_duplicate
        and {{ on_dates('event_date', dates_to_replace()) }}
)

select * from events
