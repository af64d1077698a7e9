{{ config(**stored_by_day('started_at', ['funnel_name', 'step_number'], 'timestamp')) }}

with

steps_reached as (
    select * from {{ ref('int_funnel_steps_walked') }}
),

attempts_excluded as (
    select * from {{ ref('int_funnel_attempts_excluded') }}
),

kept as (
    select
        steps_reached.funnel_name,
        steps_reached.person_id,
        steps_reached.attempt_index,
        steps_reached.step_number,
        steps_reached.step_name,
        steps_reached.event_id,
        steps_reached.device_date,
        steps_reached.started_at,
        steps_reached.previous_reached_at,
        steps_reached.reached_at,
        {{ seconds_between(
            'steps_reached.previous_reached_at', 'steps_reached.reached_at'
        ) }} as seconds_from_previous,
        {{ seconds_between('steps_reached.started_at', 'steps_reached.reached_at') }}
            as seconds_from_start
    from steps_reached
    left join attempts_excluded
        on
            steps_reached.funnel_name = attempts_excluded.funnel_name
            and steps_reached.person_id = attempts_excluded.person_id
            and steps_reached.attempt_index = attempts_excluded.attempt_index
    where
        attempts_excluded.spoiled_step_number is null
        or steps_reached.step_number < attempts_excluded.spoiled_step_number
)

select * from kept
