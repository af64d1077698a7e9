{{ config(**stored_by_day('started_at', ['anonymous_id'], 'timestamp')) }}

with

sessions as (
    select
        session_key,
        anonymous_id,
        user_id,
        user_agent,
        started_at,
        ended_at
    from {{ ref('int_sessions_aggregated') }}
),

-- A session holds one user at most, who was there from its start; so who signed in when
-- can be read from sessions. Of two that begin at one instant the first is over by
-- then.
counted as (
    select
        *,
        count(user_id) over (
            partition by anonymous_id
            order by started_at, ended_at, coalesce(user_id, ''), session_key
            rows between unbounded preceding and current row
        ) as sign_in_count
    from sessions
),

sign_ins as (
    select
        anonymous_id,
        user_id,
        sign_in_count as sign_in_number
    from counted
    where user_id is not null
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
),

bots as (
    select * from {{ ref('int_user_agents_classified') }}
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
