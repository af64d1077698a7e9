-- Server events and events without a device belong to no session; all others to one.
select
    event_id,
    anonymous_id,
    platform,
    session_id,
    event_index
from {{ ref('events') }}
where
    {{ on_every_day('event_date') }}
    and (
        (session_id is null)
        <> (anonymous_id is null or coalesce(lower(platform), '') = 'server')
        or (session_id is null) <> (event_index is null)
    )
