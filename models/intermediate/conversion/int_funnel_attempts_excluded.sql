with

exclusion_events as (
    select * from {{ ref('int_funnel_events_identified') }}
    where after_step is not null
),

attempts as (
    select * from {{ ref('int_funnel_attempts_opened') }}
    where entrant_key in (select exclusion_events.entrant_key from exclusion_events)
),

steps_reached as (
    select
        entrant_key,
        attempt_index,
        step_number,
        previous_reached_at,
        reached_at
    from {{ ref('int_funnel_steps_walked') }}
    where entrant_key in (select exclusion_events.entrant_key from exclusion_events)
),

-- The step after the last one is waited for until the window closes.
steps_awaited as (
    select
        attempts.entrant_key,
        attempts.attempt_index,
        coalesce(max(steps_reached.step_number), 1) + 1 as step_number,
        coalesce(max(steps_reached.reached_at), max(attempts.started_at))
            as previous_reached_at,
        max(attempts.window_ends_at) as reached_at,
        max(attempts.step_count) as step_count
    from attempts
    left join steps_reached
        on
            attempts.entrant_key = steps_reached.entrant_key
            and attempts.attempt_index = steps_reached.attempt_index
    group by attempts.entrant_key, attempts.attempt_index
),

steps as (
    select * from steps_reached
    union all
    select
        entrant_key,
        attempt_index,
        step_number,
        previous_reached_at,
        reached_at
    from steps_awaited
    where step_number <= step_count
),

-- An exclusion event between two steps ends the attempt at the step before it.
spoiled as (
    select
        steps.entrant_key,
        steps.attempt_index,
        min(steps.step_number) as spoiled_step_number
    from steps
    inner join exclusion_events
        on
            steps.entrant_key = exclusion_events.entrant_key
            and steps.step_number > exclusion_events.after_step
            and steps.step_number <= exclusion_events.before_step
            and steps.previous_reached_at < exclusion_events.occurred_at
            and steps.reached_at > exclusion_events.occurred_at
    group by steps.entrant_key, steps.attempt_index
)

select * from spoiled
