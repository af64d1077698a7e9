with

sessions as (
    select
        session_id,
        anonymous_id,
        user_id,
        user_agent,
        started_at,
        ended_at,
        first_event_id
    from {{ ref('int_sessions_aggregated') }}
),

-- A session holds one user at most, and starts at that user's first event where another
-- was signed in before; so who signed in when can be read from sessions. A session in
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
    window device as (partition by anonymous_id order by started_at, first_event_id)
),

-- Where nobody ever signs in, the device itself is the person.
identified as (
    select
        session_id,
        anonymous_id,
        user_agent,
        started_at,
        ended_at,
        first_event_id,
        coalesce(last_user_id, next_user_id) as user_id,
        coalesce(last_user_id, next_user_id, anonymous_id) as person_id
    from signed_in
),

numbered as (
    select
        *,
        row_number() over (
            partition by person_id
            order by started_at, first_event_id, session_id
        ) as session_number
    from identified
)

select * from numbered
