-- The events of a session are numbered 1, 2, 3 … in their order of time.
with

numbered as (
    select
        session_id,
        event_id,
        event_index,
        occurred_at,
        lag(event_index) over (
            partition by session_id
            order by event_index
        ) as previous_event_index,
        lag(occurred_at) over (
            partition by session_id
            order by event_index
        ) as previous_occurred_at
    from {{ ref('events') }}
    where
        session_id is not null
        and {{ on_every_day('event_date') }}
)

select * from numbered
where
    event_index is null
    or event_index != coalesce(previous_event_index, 0) + 1
    or occurred_at < previous_occurred_at
