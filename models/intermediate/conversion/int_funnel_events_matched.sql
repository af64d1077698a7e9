{{ config(materialized='view') }}

with

funnels as (
    select * from {{ ref('stg_funnels') }}
),

steps as (
    select * from {{ ref('stg_funnel_steps') }}
),

event_names as (
    select * from {{ ref('int_event_names_classified') }}
),

events as (
    select * from {{ ref('int_events_defined_identified') }}
    where not is_bot
),

-- A step without an event name takes any event: spelled out as every name there is, so
-- that the join below is by name.
named_steps as (
    select
        steps.*,
        funnels.window_seconds,
        funnels.breakdown_property,
        event_names.normalized_event_name,
        count(*) over (
            partition by
                steps.funnel_name, steps.step_number, event_names.normalized_event_name
        ) as alternative_count
    from steps
    inner join funnels
        on steps.funnel_name = funnels.funnel_name
    inner join event_names
        on
            coalesce(lower(steps.event_name), event_names.normalized_event_name)
            = event_names.normalized_event_name
),

matched as (
    select
        named_steps.funnel_name,
        named_steps.step_number,
        named_steps.step_name,
        named_steps.window_seconds,
        named_steps.alternative_count,
        events.person_id,
        events.session_id,
        events.event_id,
        events.device_date,
        events.occurred_at,
        case
            when named_steps.step_number = 1
                then {{ event_attribute('events', 'named_steps.breakdown_property') }}
        end as breakdown_value,
        case when named_steps.step_number = 1 then events.platform end as platform,
        case when named_steps.step_number = 1 then events.country end as country,
        case when named_steps.step_number = 1 then events.device_category end
            as device_category
    from events
    inner join named_steps
        on events.normalized_event_name = named_steps.normalized_event_name
    where
        (
            named_steps.page_pattern is null
            or {{ regexp_found('events.page', 'named_steps.page_pattern') }}
        )
        and (
            named_steps.property_name is null
            or {{ event_attribute('events', 'named_steps.property_name') }}
            = named_steps.property_value
        )
),

-- Several alternatives of a step may take one event: it counts once. Most steps have
-- one alternative for an event's name, and their events need no comparing (a third of
-- the time of this model).
counted_once as (
    select * from matched
    where alternative_count = 1
    union all
    select distinct * from matched
    where alternative_count > 1
),

final as (
    select
        funnel_name,
        step_number,
        step_name,
        window_seconds,
        person_id,
        session_id,
        event_id,
        device_date,
        occurred_at,
        breakdown_value,
        platform,
        country,
        device_category
    from counted_once
)

select * from final
