-- A session that is not direct keeps its own channel, and a direct one has that of an
-- earlier session of the same person.
with

sessions as (
    select * from {{ ref('sessions') }}
),

came_before as (
    select
        person_id,
        min(started_at) as first_started_at
    from sessions
    where source <> '(direct)' and not is_bot
    group by person_id
)

select
    sessions.session_id,
    sessions.channel,
    sessions.last_non_direct_channel
from sessions
left join came_before
    on sessions.person_id = came_before.person_id
where
    (
        sessions.source <> '(direct)'
        and (
            sessions.last_non_direct_channel <> sessions.channel
            or sessions.last_non_direct_source <> sessions.source
        )
    )
    or (
        sessions.source = '(direct)'
        and sessions.last_non_direct_source <> '(direct)'
        and (
            came_before.person_id is null
            or came_before.first_started_at > sessions.started_at
        )
    )
