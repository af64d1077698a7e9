-- Events and sessions find their person each on its own; both must come to the same.
select
    events.event_id,
    events.session_id,
    events.person_id as person_id_of_event,
    sessions.person_id as person_id_of_session
from {{ ref('events') }} as events
inner join {{ ref('sessions') }} as sessions
    on events.session_id = sessions.session_id
where
    events.person_id is distinct from sessions.person_id
    and {{ on_every_day('events.event_date') }}
