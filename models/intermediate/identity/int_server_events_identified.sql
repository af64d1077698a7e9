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

devices_named as (
    select
        anonymous_id,
        user_id,
        row_number() over (
            partition by anonymous_id
            order by
                case when known_at is null then 1 else 0 end asc,
                known_at desc,
                user_id asc
        ) as recency
    from {{ ref('int_identities_gathered') }}
    where anonymous_id is not null
),

-- A device without a session is the user's whom the service last named, else a person
-- of its own.
named as (
    select
        server_events.event_key,
        server_events.anonymous_id,
        server_events.normalized_event_name,
        server_events.event_date,
        server_events.occurred_at,
        nearest.person_id as person_id_of_device,
        coalesce(
            server_events.user_id,
            case when nearest.event_key is null then devices_named.user_id end
        ) as user_id
    from server_events
    left join nearest
        on server_events.event_key = nearest.event_key
    left join devices_named
        on
            server_events.anonymous_id = devices_named.anonymous_id
            and devices_named.recency = 1
),

merged as (
    select
        named.event_key,
        named.normalized_event_name,
        named.event_date,
        named.occurred_at,
        coalesce(users_merged.kept_user_id, named.user_id) as user_id,
        coalesce(
            users_merged.kept_user_id, named.user_id,
            named.person_id_of_device, named.anonymous_id
        ) as person_id
    from named
    left join {{ ref('int_user_ids_merged') }} as users_merged
        on named.user_id = users_merged.user_id
)

select * from merged
