{{ config(**replaced_by_day('event_date', cluster_by=['normalized_event_name'])) }}

with

events as (
    select * from {{ ref('int_events_sessionized') }}
    where not is_duplicate and {{ on_dates('event_date', dates_to_replace()) }}
),

-- A device whose clock runs ahead must not move the horizon of the data, so for it an
-- event counts by its receipt at the latest.
counted as (
    select
        session_key,
        event_date,
        cast(loaded_at as date) as load_date,
        normalized_event_name,
        count(*) as event_count,
        min(occurred_at) as first_occurred_at,
        max(occurred_at) as last_occurred_at,
        max(
            case
                when received_at < occurred_at then {{ reporting_date('received_at') }}
                else event_date
            end
        ) as latest_date
    from events
    group by session_key, event_date, load_date, normalized_event_name
)

select * from counted
