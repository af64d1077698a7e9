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

-- Several alternatives of a step may take one event: it counts once. Most steps have one
-- alternative for an event's name, and their events need no comparing (a third of the
-- time of this model).
counted_once as (
    select * from matched
    where alternative_count = 1
    union all
    select distinct * from matched
    where alternative_count > 1
),

-- The place of an event among its person's events of the same step.
numbered as (
    select
        *,
        row_number() over (
            partition by funnel_name, person_id, step_number
            order by occurred_at, event_id, device_date
        ) as step_place
    from counted_once
),

-- From a step only those go on who ever did the next one.
later_steps as (
    select distinct
        funnel_name,
        person_id,
        step_number
    from numbered
    where step_number > 1
),

-- Departures sort before arrivals of the same instant, so that events of one instant may
-- serve steps in either order.
arrivals_and_departures as (
    select
        funnel_name,
        person_id,
        step_number as arriving_step,
        occurred_at,
        cast(null as bigint) as leaving_place,
        1 as arrival
    from numbered
    where step_number > 1
    union all
    select
        numbered.funnel_name,
        numbered.person_id,
        later_steps.step_number as arriving_step,
        numbered.occurred_at,
        numbered.step_place as leaving_place,
        0 as arrival
    from numbered
    inner join later_steps
        on
            numbered.funnel_name = later_steps.funnel_name
            and numbered.person_id = later_steps.person_id
            and numbered.step_number + 1 = later_steps.step_number
),

departed as (
    select
        *,
        1 + cast(sum(arrival) over (
            partition by funnel_name, person_id, arriving_step
            order by occurred_at, arrival
            rows between unbounded preceding and current row
        ) as bigint) as next_step_place
    from arrivals_and_departures
),

placed as (
    select
        numbered.funnel_name,
        numbered.step_number,
        numbered.step_name,
        numbered.window_seconds,
        numbered.person_id,
        numbered.session_id,
        numbered.event_id,
        numbered.device_date,
        numbered.occurred_at,
        numbered.breakdown_value,
        numbered.platform,
        numbered.country,
        numbered.device_category,
        numbered.step_place,
        departed.next_step_place
    from numbered
    left join departed
        on
            numbered.funnel_name = departed.funnel_name
            and numbered.person_id = departed.person_id
            and numbered.step_number + 1 = departed.arriving_step
            and numbered.step_place = departed.leaving_place
)

select * from placed
