-- A session belongs to one person: a change from one signed-in user to another starts a
-- new one, and an anonymous event belongs to the user before it.
select
    session_id,
    min(person_id) as one_person_id,
    max(person_id) as another_person_id
from {{ ref('events') }}
where
    session_id is not null
    and {{ on_every_day('event_date') }}
group by session_id
having count(distinct person_id) <> 1
