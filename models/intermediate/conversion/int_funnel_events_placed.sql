{{ config(**stored_by_day(
    'occurred_at', ['funnel_name', 'step_number'], 'timestamp'
)) }}

with

matched as (
    select * from {{ ref('int_funnel_events_matched') }}
),

-- The place of an event among its person's events of the same step.
numbered as (
    select
        *,
        row_number() over (
            partition by funnel_name, person_id, step_number
            order by occurred_at, event_id, device_date
        ) as step_place
    from matched
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

-- Departures sort before arrivals of the same instant, so that events of one instant
-- may serve steps in either order.
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
