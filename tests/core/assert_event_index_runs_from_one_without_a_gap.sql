-- The events of a session are numbered 1, 2, 3 … in their order of time and id.
with

numbered as (
    select
        session_id,
        event_id,
        event_index,
        row_number() over (
            partition by session_id
            order by occurred_at, event_id, device_date
        ) as expected_event_index
    from {{ ref('events') }}
    where
        session_id is not null
        and {{ on_every_day('event_date') }}
)

select * from numbered
where event_index is distinct from expected_event_index
