{{ config(**of_changed_persons(
    'occurred_at', ['funnel_name', 'step_number'], 'timestamp'
)) }}

with

events as (
    select events.* from {{ ref('int_funnel_events_identified') }} as events
    inner join {{ ref('int_funnel_persons_compared') }} as persons
        on
            events.funnel_name = persons.funnel_name
            and events.person_id = persons.person_id
    where persons.is_changed
),

-- An event leaves for the next step and, but for the first step's, arrives at its own.
arrivals_and_departures as (
    select
        events.*,
        events.step_number + 1 as arriving_step,
        0 as arrival
    from events
    union all
    select
        events.*,
        events.step_number as arriving_step,
        1 as arrival
    from events
    where events.step_number > 1
),

-- Departures sort before arrivals of the same instant, so that events of one instant
-- may serve steps in either order.
counted as (
    select
        *,
        cast(sum(1 - arrival) over so_far as bigint) as step_place,
        cast(1 + sum(arrival) over so_far as bigint) as next_step_place,
        sum(arrival) over (partition by funnel_name, person_id, arriving_step)
            as arrival_count
    from arrivals_and_departures
    window so_far as (
        partition by funnel_name, person_id, arriving_step
        order by occurred_at, arrival, event_id, device_date
        rows between unbounded preceding and current row
    )
),

placed as (
    select
        funnel_name,
        step_number,
        step_name,
        step_count,
        after_step,
        before_step,
        window_seconds,
        person_id,
        event_id,
        channel,
        platform,
        country,
        device_category,
        breakdown_value,
        device_date,
        occurred_at,
        case when step_number is not null then step_place end as step_place,
        case when next_step_place <= arrival_count then next_step_place end
            as next_step_place
    from counted
    where arrival = 0
)

select * from placed
