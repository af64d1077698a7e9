-- A silence of exactly the timeout still continues a session; a longer one never does.
-- No event comes before the one that precedes it either.
with

compared as (
    select
        session_id,
        event_id,
        occurred_at,
        lag(occurred_at) over (partition by session_id order by event_index)
            as previous_occurred_at
    from {{ ref('events') }}
    where
        session_id is not null
        and {{ on_every_day('event_date') }}
)

select * from compared
where
    {{ microseconds_between('previous_occurred_at', 'occurred_at') }}
    > {{ var('session_timeout_minutes') | int * 60000000 }}
    or occurred_at < previous_occurred_at
