{{ config(**stored_by_day('event_date', ['event_key'])) }}

with

server_events as (
    select * from {{ ref('int_server_events_gathered') }}
),

sessions as (
    select * from {{ ref('int_sessions_identified') }}
),

-- Those that name a device and no user, few as a server knows its users, belong to whom
-- the device belonged to: by its last session begun by then, else by its first.
ranked as (
    select
        server_events.event_key,
        sessions.person_id,
        row_number() over (
            partition by server_events.event_key
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
                sessions.session_key
        ) as nearness
    from server_events
    inner join sessions
        on server_events.anonymous_id = sessions.anonymous_id
    where server_events.user_id is null
),

nearest as (
    select
        event_key,
        person_id
    from ranked
    where nearness = 1
),

-- A device without a session is a person of its own.
identified as (
    select
        server_events.event_key,
        server_events.user_id,
        server_events.normalized_event_name,
        server_events.event_date,
        server_events.occurred_at,
        coalesce(
            server_events.user_id, nearest.person_id, server_events.anonymous_id
        ) as person_id
    from server_events
    left join nearest
        on server_events.event_key = nearest.event_key
)

select * from identified
