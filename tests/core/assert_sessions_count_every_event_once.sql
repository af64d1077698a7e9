-- What the sessions count is what the events hold, session by session, and so in total.
with

counted as (
    select
        session_id,
        count(*) as event_count
    from {{ ref('events') }}
    where
        session_id is not null
        and {{ on_every_day('event_date') }}
    group by session_id
)

select
    sessions.session_id,
    sessions.event_count,
    counted.event_count as counted_event_count
from {{ ref('sessions') }} as sessions
full outer join counted
    on sessions.session_id = counted.session_id
where sessions.event_count is distinct from counted.event_count
