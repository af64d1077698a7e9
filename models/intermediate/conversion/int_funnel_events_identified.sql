{{ config(materialized='view') }}

with

events as (
    select * from {{ ref('int_funnel_events_matched') }}
),

identified as (
    {{ identified_events('events') }}
),

sessions as (
    select
        session_id,
        channel
    from {{ ref('sessions') }}
),

final as (
    select
        identified.funnel_name,
        identified.step_number,
        identified.step_name,
        identified.step_count,
        identified.after_step,
        identified.before_step,
        identified.window_seconds,
        identified.person_id,
        identified.event_id,
        identified.platform,
        identified.country,
        identified.device_category,
        identified.breakdown_value,
        identified.fingerprint,
        identified.event_date,
        identified.device_date,
        identified.occurred_at,
        case when identified.step_number = 1 then sessions.channel end as channel
    from identified
    left join sessions
        on identified.session_id = sessions.session_id
    where not identified.is_bot
)

select * from final
