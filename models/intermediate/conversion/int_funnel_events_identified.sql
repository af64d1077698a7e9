{{ config(**stored_by_day('event_date', ['funnel_name', 'step_number'])) }}

with

events as (
    select * from {{ ref('int_funnel_events_matched') }}
),

identified as (
    {{ identified_events(
        'events', ref('int_sessions_identified'), ref('int_server_events_identified')
    ) }}
),

channels as (
    select
        session_key,
        channel
    from {{ ref('int_session_channels') }}
),

with_channels as (
    select
        identified.funnel_name,
        identified.step_number,
        identified.after_step,
        identified.before_step,
        identified.person_id,
        identified.event_key,
        identified.event_id,
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
),

-- One number for a person in a funnel, and one for the values of a first step: to be
-- grouped and joined by, where texts take three times as long.
final as (
    select
        {{ row_fingerprint(['funnel_name', 'person_id']) }} as entrant_key,
        case
            when step_number = 1
                then
                    {{ row_fingerprint([
                        'channel', 'platform', 'country', 'device_category',
                        'breakdown_value'
                    ]) }}
        end as values_key,
        *
    from with_channels
)

select * from final
