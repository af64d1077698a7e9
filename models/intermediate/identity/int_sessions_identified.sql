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
-- can be read from sessions. A session in
-- which nobody did belongs to the last user before it on its device, else to the first
-- after it.
signed_in as (
    select
        *,
        last_value(user_id ignore nulls) over (
            device rows between unbounded preceding and current row
        ) as last_user_id,
        first_value(user_id ignore nulls) over (
            device rows between current row and unbounded following
        ) as next_user_id
    from sessions
    window device as (partition by anonymous_id order by started_at, session_key)
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
        coalesce(signed_in.last_user_id, signed_in.next_user_id) as user_id,
        coalesce(
            signed_in.last_user_id, signed_in.next_user_id, signed_in.anonymous_id
        ) as person_id,
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
            order by started_at, session_key
        ) as session_number
    from identified
)

select * from numbered
