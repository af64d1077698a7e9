{{ config(**replaced_by_person('attempt_date', ['funnel_name', 'person_id'])) }}

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

attempts as (
    select
        steps.funnel_name,
        steps.person_id,
        steps.attempt_index,
        max(steps.step_count) as step_count,
        max(steps.step_number) as last_step_number,
        count(attempts_excluded.spoiled_step_number) > 0 as is_excluded,
        min(steps.started_at) as started_at,
        max(steps.reached_at) as last_step_at
    from steps
    left join attempts_excluded
        on
            steps.funnel_name = attempts_excluded.funnel_name
            and steps.person_id = attempts_excluded.person_id
            and steps.attempt_index = attempts_excluded.attempt_index
    where
        attempts_excluded.spoiled_step_number is null
        or steps.step_number < attempts_excluded.spoiled_step_number
    group by steps.funnel_name, steps.person_id, steps.attempt_index
),

-- A person's result is the best attempt: the furthest, then the earliest to get there,
-- then the latest to start.
ranked as (
    select
        *,
        row_number() over (
            partition by funnel_name, person_id
            order by
                last_step_number desc,
                last_step_at asc,
                attempt_index desc
        ) as attempt_rank
    from attempts
),

final as (
    select
        ranked.funnel_name,
        ranked.person_id,
        ranked.attempt_index,
        ranked.attempt_rank,
        ranked.last_step_number,
        ranked.last_step_number = ranked.step_count as is_completed,
        ranked.is_excluded,
        ranked.attempt_rank = 1 as is_best,
        {{ reporting_date('ranked.started_at') }} as attempt_date,
        ranked.started_at,
        ranked.last_step_at,
        persons.fingerprint
    from ranked
    inner join persons
        on
            ranked.funnel_name = persons.funnel_name
            and ranked.person_id = persons.person_id
)

select * from final
