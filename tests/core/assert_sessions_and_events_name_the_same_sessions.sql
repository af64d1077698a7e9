-- Every session of an event stands in sessions, and every session has an event.
with

named as (
    select distinct session_id from {{ ref('events') }}
    where
        session_id is not null
        and {{ on_every_day('event_date') }}
)

select
    sessions.session_id as session_id_in_sessions,
    named.session_id as session_id_in_events
from {{ ref('sessions') }} as sessions
full outer join named
    on sessions.session_id = named.session_id
where
    sessions.session_id is null
    or named.session_id is null
