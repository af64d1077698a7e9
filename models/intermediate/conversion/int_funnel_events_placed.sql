{{ config(**stored_by_day(
    'occurred_at', ['funnel_name', 'step_number'], 'timestamp'
)) }}

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
        event_names.normalized_event_name
    from steps
    inner join funnels
        on steps.funnel_name = funnels.funnel_name
    inner join event_names
        on
            coalesce(lower(steps.event_name), event_names.normalized_event_name)
            = event_names.normalized_event_name
),

-- Several alternatives of a step may take one event: it counts once.
matched as (
    select distinct
        named_steps.funnel_name,
        named_steps.step_number,
        named_steps.step_name,
        named_steps.window_seconds,
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

-- Each event stands once as a place to arrive at its step, and once as a place to leave
-- for the next. Departures sort before arrivals of the same instant, so that events of
-- one instant may serve steps in either order.
arrivals_and_departures as (
    select
        funnel_name,
        person_id,
        step_number as arriving_step,
        step_number,
        event_id,
        device_date,
        occurred_at,
        1 as arrival
    from matched
    union all
    select
        funnel_name,
        person_id,
        step_number + 1 as arriving_step,
        step_number,
        event_id,
        device_date,
        occurred_at,
        0 as arrival
    from matched
),

counted as (
    select
        *,
        cast(sum(arrival) over (
            partition by funnel_name, person_id, arriving_step
            order by occurred_at, arrival, event_id, device_date
            rows between unbounded preceding and current row
        ) as bigint) as arrivals_so_far
    from arrivals_and_departures
),

-- The place of an event among its person's events of the same step, and the place,
-- among those of the next step, of the first that is not before it.
placed as (
    select
        funnel_name,
        person_id,
        step_number,
        event_id,
        device_date,
        max(case when arrival = 1 then arrivals_so_far end) as step_place,
        max(case when arrival = 0 then arrivals_so_far end) + 1 as next_step_place
    from counted
    group by funnel_name, person_id, step_number, event_id, device_date
),

joined as (
    select
        matched.*,
        placed.step_place,
        placed.next_step_place
    from matched
    inner join placed
        on
            matched.funnel_name = placed.funnel_name
            and matched.person_id = placed.person_id
            and matched.step_number = placed.step_number
            and matched.event_id = placed.event_id
            and matched.device_date = placed.device_date
)

select * from joined
