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

-- The name `order` stands for an order of the application. It has the device of the
-- session in which it was made.
orders as (
    select
        asked.funnel_name,
        asked.step_number,
        asked.after_step,
        asked.before_step,
        orders_identified.person_id,
        orders_identified.order_id as event_id,
        orders_identified.session_key,
        sessions.platform,
        sessions.country,
        sessions.device_category,
        cast(null as string) as breakdown_value,
        orders_identified.order_date as event_date,
        orders_identified.ordered_at as occurred_at,
        {{ hashed_number("'order:' || orders_identified.order_id") }} as event_key
    from {{ ref('int_orders_identified') }} as orders_identified
    inner join {{ ref('int_funnel_events_asked') }} as asked
        on asked.normalized_event_name = 'order'
    left join {{ ref('int_sessions_aggregated') }} as sessions
        on orders_identified.session_key = sessions.session_key
    where
        orders_identified.person_id is not null
        and orders_identified.ordered_at is not null
),

unioned as (
    select
        funnel_name,
        step_number,
        after_step,
        before_step,
        person_id,
        event_id,
        session_key,
        platform,
        country,
        device_category,
        breakdown_value,
        event_date,
        occurred_at,
        event_key
    from identified
    where not is_bot
    union all
    select * from orders
),

with_channels as (
    select
        unioned.funnel_name,
        unioned.step_number,
        unioned.after_step,
        unioned.before_step,
        unioned.person_id,
        unioned.event_key,
        unioned.event_id,
        unioned.platform,
        unioned.country,
        unioned.device_category,
        unioned.breakdown_value,
        unioned.event_date,
        unioned.occurred_at,
        case when unioned.step_number = 1 then channels.channel end as channel
    from unioned
    left join channels
        on unioned.session_key = channels.session_key
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
