{{ config(**replaced_by_person('attempt_date', ['funnel_name', 'person_id'])) }}

{%- do check_persons_read() %}

with

steps as (
    select steps.* from {{ ref('int_funnel_steps_walked') }} as steps
    inner join {{ ref('int_funnel_persons_compared') }} as persons
        on
            steps.funnel_name = persons.funnel_name
            and steps.person_id = persons.person_id
    where persons.is_changed
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
        max(steps.reached_at) as last_step_at,
        max(steps.fingerprint) as fingerprint
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
        funnel_name,
        person_id,
        attempt_index,
        attempt_rank,
        last_step_number,
        last_step_number = step_count as is_completed,
        is_excluded,
        attempt_rank = 1 as is_best,
        {{ reporting_date('started_at') }} as attempt_date,
        started_at,
        last_step_at,
        fingerprint
    from ranked
)

select * from final
