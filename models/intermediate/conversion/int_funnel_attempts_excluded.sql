{{ config(**of_changed_persons()) }}

with

steps_reached as (
    select * from {{ ref('int_funnel_steps_walked') }}
),

exclusion_events as (
    select * from {{ ref('int_funnel_events_placed') }}
    where after_step is not null
),

-- The step after the last one is waited for until the window closes. (Without its
-- table's name, GoogleSQL would take step_number below for the new column.)
steps_awaited as (
    select
        steps_reached.funnel_name,
        steps_reached.person_id,
        steps_reached.attempt_index,
        max(steps_reached.step_number) + 1 as step_number,
        max(steps_reached.reached_at) as previous_reached_at,
        cast(null as timestamp) as reached_at,
        min(steps_reached.started_at) as started_at
    from steps_reached
    where
        steps_reached.funnel_name in (
            select exclusion_events.funnel_name from exclusion_events
        )
    group by
        steps_reached.funnel_name, steps_reached.person_id, steps_reached.attempt_index
    having max(steps_reached.step_number) < max(steps_reached.step_count)
),

steps as (
    select
        funnel_name,
        person_id,
        attempt_index,
        step_number,
        previous_reached_at,
        reached_at,
        started_at
    from steps_reached
    union all
    select * from steps_awaited
),

-- An exclusion event between two steps ends the attempt at the step before it.
spoiled as (
    select
        steps.funnel_name,
        steps.person_id,
        steps.attempt_index,
        min(steps.step_number) as spoiled_step_number
    from steps
    inner join exclusion_events
        on
            steps.funnel_name = exclusion_events.funnel_name
            and steps.person_id = exclusion_events.person_id
            and steps.step_number > exclusion_events.after_step
            and steps.step_number <= exclusion_events.before_step
            and steps.previous_reached_at < exclusion_events.occurred_at
            and coalesce(
                steps.reached_at,
                {{ add_microseconds(
                    'steps.started_at', 'exclusion_events.window_seconds * 1000000'
                ) }}
            ) > exclusion_events.occurred_at
    group by steps.funnel_name, steps.person_id, steps.attempt_index
)

select * from spoiled
