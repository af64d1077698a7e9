with

sessions as (
    select * from {{ ref('sessions') }}
    where not is_bot
),

definitions as (
    select distinct conversion_name from {{ ref('stg_conversions') }}
),

converting_sessions as (
    select distinct
        session_id,
        conversion_name
    from {{ ref('conversions_mart') }}
    where session_id is not null
),

-- Every conversion is asked of every session, so that a day without one shows a zero.
asked as (
    select
        sessions.session_id,
        sessions.session_date,
        sessions.channel,
        definitions.conversion_name,
        coalesce(sessions.platform, '(not set)') as platform
    from sessions
    cross join definitions
),

counted as (
    select
        asked.session_date,
        asked.channel,
        asked.platform,
        asked.conversion_name,
        count(*) as session_count,
        count(converting_sessions.session_id) as converting_session_count
    from asked
    left join converting_sessions
        on
            asked.session_id = converting_sessions.session_id
            and asked.conversion_name = converting_sessions.conversion_name
    group by
        asked.session_date,
        asked.channel,
        asked.platform,
        asked.conversion_name
),

rated as (
    select
        *,
        {{ ratio('converting_session_count', 'session_count') }} as conversion_rate
    from counted
)

select * from rated
