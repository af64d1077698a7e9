with

touches as (
    select * from {{ ref('int_touches_found') }}
),

sessions as (
    select
        session_key,
        person_id,
        session_number,
        started_at
    from {{ ref('int_sessions_identified') }}
    where not is_bot
),

channels as (
    select
        session_key,
        channel
    from {{ ref('int_session_channels') }}
),

conversion_names as (
    select distinct conversion_name from touches
),

touching_sessions as (
    select distinct
        conversion_name,
        session_key
    from touches
),

converting_steps as (
    select
        conversion_name,
        channel,
        lag(channel) over (
            partition by conversion_id order by touch_index
        ) as previous_channel,
        case when touch_index = touch_count then '(conversion)' end as ending
    from touches
),

asked as (
    select
        conversion_names.conversion_name,
        sessions.person_id,
        sessions.session_number,
        sessions.started_at,
        channels.channel,
        touching_sessions.session_key is not null as is_touch
    from sessions
    inner join channels
        on sessions.session_key = channels.session_key
    cross join conversion_names
    left join touching_sessions
        on
            sessions.session_key = touching_sessions.session_key
            and conversion_names.conversion_name = touching_sessions.conversion_name
),

neighboured as (
    select
        *,
        lag(channel) over (
            partition by conversion_name, person_id order by session_number
        ) as previous_channel,
        lag(is_touch) over (
            partition by conversion_name, person_id order by session_number
        ) as is_previous_touch,
        lag(started_at) over (
            partition by conversion_name, person_id order by session_number
        ) as previous_started_at,
        lead(is_touch) over (
            partition by conversion_name, person_id order by session_number
        ) as is_next_touch,
        lead(started_at) over (
            partition by conversion_name, person_id order by session_number
        ) as next_started_at
    from asked
),

-- Sessions that led to no such conversion are a path too, which a touch of one ends, or
-- a pause longer than the lookback.
other_steps as (
    select
        conversion_name,
        channel,
        case
            when
                not is_previous_touch
                and {{ microseconds_between('previous_started_at', 'started_at') }}
                <= {{ lookback_microseconds() }}
                then previous_channel
        end as previous_channel,
        case
            when
                not is_next_touch
                and {{ microseconds_between('started_at', 'next_started_at') }}
                <= {{ lookback_microseconds() }}
                then null
            else '(null)'
        end as ending
    from neighboured
    where not is_touch
),

steps as (
    select * from converting_steps
    union all
    select * from other_steps
),

-- To come again by the same channel is no transition: it changes no probability of ever
-- getting anywhere else.
transitions as (
    select
        conversion_name,
        coalesce(previous_channel, '(start)') as from_state,
        channel as to_state
    from steps
    where previous_channel is null or previous_channel != channel
    union all
    select
        conversion_name,
        channel as from_state,
        ending as to_state
    from steps
    where ending is not null
),

counted as (
    select
        conversion_name,
        from_state,
        to_state,
        count(*) as transition_count
    from transitions
    group by conversion_name, from_state, to_state
)

select * from counted
