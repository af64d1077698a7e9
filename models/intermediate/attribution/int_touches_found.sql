{{ config(**stored_by_day('converted_at', ['conversion_id'], 'timestamp')) }}

with

conversions as (
    select * from {{ ref('int_conversions_gathered') }}
),

sessions as (
    select
        session_key,
        session_id,
        person_id,
        started_at,
        ended_at
    from {{ ref('int_sessions_identified') }}
    where not is_bot
),

channels as (
    select
        session_key,
        source,
        medium,
        utm_campaign,
        channel
    from {{ ref('int_session_channels') }}
),

-- The session that converted is a touch whatever the clocks say: an order's time is the
-- database's, and the session may be another person's who placed it on that device.
found as (
    select
        conversions.conversion_id,
        sessions.session_key
    from conversions
    inner join sessions
        on
            conversions.person_id = sessions.person_id
            and conversions.converted_at >= sessions.started_at
    where
        {{ microseconds_between('sessions.started_at', 'conversions.converted_at') }}
        <= {{ lookback_microseconds() }}
    union distinct
    select
        conversion_id,
        session_key
    from conversions
    where session_key is not null
),

described as (
    select
        found.conversion_id,
        conversions.conversion_name,
        found.session_key,
        sessions.session_id,
        conversions.person_id,
        channels.source,
        channels.medium,
        channels.utm_campaign as campaign,
        channels.channel,
        conversions.converted_at,
        sessions.started_at,
        sessions.ended_at,
        coalesce(conversions.session_key = found.session_key, false)
            as is_converting_session
    from found
    inner join conversions
        on found.conversion_id = conversions.conversion_id
    inner join sessions
        on found.session_key = sessions.session_key
    inner join channels
        on found.session_key = channels.session_key
),

-- Of two sessions that began at one instant the key decides only where they came from
-- the same place.
numbered as (
    select
        conversion_id,
        conversion_name,
        session_key,
        session_id,
        person_id,
        source,
        medium,
        campaign,
        channel,
        is_converting_session,
        started_at as touched_at,
        converted_at,
        row_number() over (
            partition by conversion_id
            order by
                started_at,
                case when is_converting_session then 1 else 0 end,
                ended_at, channel, source, medium, coalesce(campaign, ''), session_key
        ) as touch_index,
        count(*) over (partition by conversion_id) as touch_count
    from described
)

select * from numbered
