{{ config(**of_changed_persons()) }}

with

steps_reached as (
    select * from {{ ref('int_funnel_steps_walked') }}
),

exclusion_events as (
    select * from {{ ref('int_funnel_events_placed') }}
    where after_step is not null
),

-- An exclusion event between two steps ends the attempt at the step before it.
spoiled as (
    select
        steps_reached.funnel_name,
        steps_reached.person_id,
        steps_reached.attempt_index,
        min(steps_reached.step_number) as spoiled_step_number
    from steps_reached
    inner join exclusion_events
        on
            steps_reached.funnel_name = exclusion_events.funnel_name
            and steps_reached.person_id = exclusion_events.person_id
            and steps_reached.step_number > exclusion_events.after_step
            and steps_reached.step_number <= exclusion_events.before_step
            and steps_reached.previous_reached_at < exclusion_events.occurred_at
            and steps_reached.reached_at > exclusion_events.occurred_at
    group by
        steps_reached.funnel_name, steps_reached.person_id, steps_reached.attempt_index
)

select * from spoiled
