{{ config(**stored_by_day('started_at', ['anonymous_id'], 'timestamp')) }}

with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

bots as (
    select * from {{ ref('int_user_agents_classified') }}
),

users_merged as (
    select * from {{ ref('int_user_ids_merged') }}
),

-- Whose a device is, as the service says beside the events; without a time it always
-- was.
statements as (
    select
        anonymous_id,
        known_at,
        min(user_id) as user_id
    from {{ ref('int_identities_gathered') }}
    where anonymous_id is not null
    group by anonymous_id, known_at
),

-- Whoever is named during a session was there from its start, as with a sign-in.
sessions_named as (
    select
        sessions.session_key,
        {{ value_at_first('statements.user_id', 'statements.known_at') }} as user_id
    from sessions
    inner join statements
        on
            sessions.anonymous_id = statements.anonymous_id
            and statements.known_at between sessions.started_at and sessions.ended_at
    group by sessions.session_key
),

-- A session holds one user at most, who was there from its start; so who signed in when
-- can be read from sessions, and from statements among them.
sessions_and_statements as (
    select
        sessions.session_key,
        sessions.anonymous_id,
        coalesce(sessions.user_id, sessions_named.user_id) as user_id,
        sessions.user_agent,
        sessions.started_at,
        sessions.ended_at
    from sessions
    left join sessions_named
        on sessions.session_key = sessions_named.session_key
    union all
    select
        cast(null as bigint) as session_key,
        anonymous_id,
        user_id,
        cast(null as string) as user_agent,
        known_at as started_at,
        known_at as ended_at
    from statements
),

-- Of two sessions that begin at one instant the first is over by then.
counted as (
    select
        *,
        count(user_id) over (
            partition by anonymous_id
            order by
                case when started_at is null then 0 else 1 end,
                started_at, ended_at, coalesce(user_id, ''), session_key
            rows between unbounded preceding and current row
        ) as sign_in_count
    from sessions_and_statements
),

sign_ins as (
    select
        counted.anonymous_id,
        counted.sign_in_count as sign_in_number,
        coalesce(users_merged.kept_user_id, counted.user_id) as user_id
    from counted
    left join users_merged
        on counted.user_id = users_merged.user_id
    where counted.user_id is not null
),

-- A session in which nobody signed in belongs to the last user before it on its device,
-- else to the first after it.
signed_in as (
    select
        counted.session_key,
        counted.anonymous_id,
        counted.user_agent,
        counted.started_at,
        counted.ended_at,
        sign_ins.user_id
    from counted
    left join sign_ins
        on
            counted.anonymous_id = sign_ins.anonymous_id
            and greatest(counted.sign_in_count, 1) = sign_ins.sign_in_number
    where counted.session_key is not null
),

-- Where nobody ever signs in, the device itself is the person.
identified as (
    select
        signed_in.session_key,
        {{ session_id('signed_in.session_key') }} as session_id,
        signed_in.anonymous_id,
        signed_in.started_at,
        signed_in.ended_at,
        bots.bot_category,
        signed_in.user_id,
        coalesce(signed_in.user_id, signed_in.anonymous_id) as person_id,
        bots.user_agent is not null as is_bot
    from signed_in
    left join bots
        on signed_in.user_agent = bots.user_agent
),

numbered as (
    select
        *,
        row_number() over (
            partition by person_id
            order by started_at, ended_at, session_key
        ) as session_number
    from identified
)

select * from numbered
