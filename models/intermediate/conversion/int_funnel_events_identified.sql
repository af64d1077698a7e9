{{ config(materialized='view') }}

with

events as (
    select * from {{ ref('int_funnel_events_matched') }}
),

identified as (
    {{ identified_events('events') }}
),

channels as (
    select
        session_key,
        channel
    from {{ ref('int_session_channels') }}
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
        identified.event_key,
        identified.platform,
        identified.country,
        identified.device_category,
        identified.breakdown_value,
        identified.event_date,
        identified.occurred_at,
        case when identified.step_number = 1 then channels.channel end as channel
    from identified
    left join channels
        on identified.session_key = channels.session_key
    where not identified.is_bot
)

select * from final
