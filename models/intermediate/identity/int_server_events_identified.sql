with

-- Server events that name a device and no user: few, as a server knows its users.
server_events as (
    select
        event_id,
        device_date,
        anonymous_id,
        occurred_at
    from {{ ref('int_events_defined') }}
    where
        session_id is null
        and user_id is null
),

sessions as (
    select * from {{ ref('int_sessions_identified') }}
),

-- They belong to whom the device belonged to: by its last session begun by then, else
-- by its first.
ranked as (
    select
        server_events.event_id,
        server_events.device_date,
        sessions.person_id,
        row_number() over (
            partition by server_events.event_id, server_events.device_date
            order by
                case
                    when sessions.started_at <= server_events.occurred_at then 0
                    else 1
                end,
                case
                    when sessions.started_at <= server_events.occurred_at
                        then {{ microseconds_between(
                            'sessions.started_at', 'server_events.occurred_at'
                        ) }}
                    else {{ microseconds_between(
                        'server_events.occurred_at', 'sessions.started_at'
                    ) }}
                end,
                sessions.session_id
        ) as nearness
    from server_events
    inner join sessions
        on server_events.anonymous_id = sessions.anonymous_id
),

nearest as (
    select
        event_id,
        device_date,
        person_id
    from ranked
    where nearness = 1
)

select * from nearest
