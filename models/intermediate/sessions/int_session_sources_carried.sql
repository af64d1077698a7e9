with

sessions as (
    select
        session_key,
        person_id,
        session_number,
        is_bot,
        started_at
    from {{ ref('int_sessions_identified') }}
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

joined as (
    select
        sessions.session_key,
        sessions.person_id,
        sessions.session_number,
        sessions.is_bot,
        sessions.started_at,
        channels.source,
        channels.medium,
        channels.utm_campaign as campaign,
        channels.channel,
        {{ is_direct('channels.source') }} as is_direct
    from sessions
    inner join channels
        on sessions.session_key = channels.session_key
),

-- A bot's visit brings nobody, though its device be a person's.
looked_back as (
    select
        session_key,
        person_id,
        is_direct,
        started_at,
        max(case when not is_direct and not is_bot then session_number end) over (
            partition by person_id
            order by session_number
            rows between unbounded preceding and 1 preceding
        ) as carried_number
    from joined
),

-- Nothing older can be within the lookback where the last that was not direct is not.
carried as (
    select
        looked_back.session_key,
        joined.source,
        joined.medium,
        joined.campaign,
        joined.channel
    from looked_back
    inner join joined
        on
            looked_back.person_id = joined.person_id
            and looked_back.carried_number = joined.session_number
    where
        looked_back.is_direct
        and {{ microseconds_between('joined.started_at', 'looked_back.started_at') }}
        <= {{ lookback_microseconds() }}
)

select * from carried
