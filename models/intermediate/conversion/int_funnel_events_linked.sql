{{ config(**stored_by_day('occurred_at', ['entrant_key'], 'timestamp')) }}

-- How a walk goes on from each event that fills a step: one window over a person's
-- events of a funnel, in falling order of time, and no join of events with events.
with

events as (
    select * from {{ ref('int_funnel_events_identified') }}
    where after_step is null
),

funnels as (
    select distinct
        funnel_name,
        is_strict,
        is_walked_by_instant
    from {{ ref('int_funnel_events_asked') }}
),

-- An event arrives at its own step, but for the first, and departs for the next one; in
-- a strict funnel for the person's next event of any kind, which has the number 0 here.
directions as (
    select true as is_arrival
    union all
    select false as is_arrival
),

arrivals_and_departures as (
    select
        events.entrant_key,
        events.values_key,
        events.step_number,
        events.occurred_at,
        funnels.is_strict,
        funnels.is_walked_by_instant,
        directions.is_arrival,
        case when funnels.is_walked_by_instant then events.event_key end as event_key,
        case when events.step_number = 1 then events.event_date end as event_date,
        case
            when directions.is_arrival then coalesce(events.step_number, 0)
            when funnels.is_strict then 0
            else events.step_number + 1
        end as arriving_step,
        case
            when directions.is_arrival then 1
            when funnels.is_walked_by_instant then 0
            else 2
        end as place_in_instant,
        case when directions.is_arrival then events.occurred_at end as arrived_at
    from events
    inner join funnels
        on events.funnel_name = funnels.funnel_name
    cross join directions
    where
        case
            when directions.is_arrival then coalesce(events.step_number, 0) <> 1
            else events.step_number is not null
        end
),

-- Where no event can fill two steps, those of one instant serve steps in either order:
-- departures come after the instant's arrivals, and see them. Else they come before,
-- and int_funnel_instants_matched says how far a walk gets within the instant.
linked as (
    select
        *,
        min(arrived_at) over (
            partition by entrant_key, arriving_step
            order by occurred_at desc, place_in_instant asc
            rows between unbounded preceding and current row
        ) as next_at
    from arrivals_and_departures
),

departures as (
    select
        entrant_key,
        values_key,
        step_number,
        event_key,
        is_strict,
        is_walked_by_instant,
        event_date,
        occurred_at,
        next_at
    from linked
    where not is_arrival
)

select * from departures
