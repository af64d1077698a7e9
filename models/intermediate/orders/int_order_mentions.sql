{{ config(**replaced_by_day('event_date', cluster_by=['order_id'])) }}

with

events as (
    select
        event_key,
        session_key,
        order_id,
        event_date,
        occurred_at
    from {{ ref('int_events_sessionized') }}
    where
        order_id is not null
        and session_key is not null
        and not is_duplicate
        and {{ on_dates('event_date', dates_to_replace()) }}
)

select * from events
