with

steps_reached as (
    select * from {{ ref('int_funnel_steps_walked') }}
),

exclusions as (
    select * from {{ ref('stg_funnel_exclusions') }}
),

events as (
    select * from {{ ref('int_events_defined_identified') }}
    where not is_bot
),

exclusion_events as (
    select
        exclusions.funnel_name,
        exclusions.after_step,
        exclusions.before_step,
        events.person_id,
        events.occurred_at
    from events
    inner join exclusions
        on events.normalized_event_name = lower(exclusions.event_name)
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
