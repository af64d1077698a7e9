-- A session starts after a pause, with another person, or, on a device that never
-- rests, at a midnight (UTC). Two sessions of one device with none of these between
-- them are one.
with

sessions as (
    select
        aggregated.session_key,
        aggregated.anonymous_id,
        sessions.person_id,
        aggregated.started_at,
        aggregated.ended_at
    from {{ ref('int_sessions_aggregated') }} as aggregated
    inner join {{ ref('sessions') }} as sessions
        on {{ session_id('aggregated.session_key') }} = sessions.session_id
),

compared as (
    select
        *,
        lag(person_id) over (
            partition by anonymous_id
            order by started_at, ended_at, session_key
        ) as previous_person_id,
        lag(ended_at) over (
            partition by anonymous_id
            order by started_at, ended_at, session_key
        ) as previous_ended_at
    from sessions
)

select * from compared
where
    previous_person_id = person_id
    and cast(previous_ended_at as date) = cast(started_at as date)
    and {{ microseconds_between('previous_ended_at', 'started_at') }}
    <= {{ var('session_timeout_minutes') | int * 60000000 }}
