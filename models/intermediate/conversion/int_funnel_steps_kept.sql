{{ config(**replaced_by_person(
    'started_at', ['funnel_name', 'person_id'], 'timestamp'
)) }}

with

steps as (
    select * from {{ ref('int_funnel_steps_walked') }}
),

persons as (
    select * from {{ ref('int_funnel_persons_compared') }}
),

attempts_excluded as (
    select * from {{ ref('int_funnel_attempts_excluded') }}
),

kept as (
    select
        steps.funnel_name,
        steps.person_id,
        steps.attempt_index,
        steps.step_number,
        steps.step_name,
        steps.event_id,
        steps.device_date,
        steps.started_at,
        steps.previous_reached_at,
        steps.reached_at,
        {{ seconds_between('steps.previous_reached_at', 'steps.reached_at') }}
            as seconds_from_previous,
        {{ seconds_between('steps.started_at', 'steps.reached_at') }}
            as seconds_from_start,
        persons.fingerprint
    from steps
    inner join persons
        on
            steps.funnel_name = persons.funnel_name
            and steps.person_id = persons.person_id
    left join attempts_excluded
        on
            steps.funnel_name = attempts_excluded.funnel_name
            and steps.person_id = attempts_excluded.person_id
            and steps.attempt_index = attempts_excluded.attempt_index
    where
        attempts_excluded.spoiled_step_number is null
        or steps.step_number < attempts_excluded.spoiled_step_number
)

select * from kept
