{{ config(**stored_by_day('attempt_date', ['funnel_name'])) }}

with

attempt_steps as (
    select * from {{ ref('funnel_attempt_steps') }}
),

attempts_excluded as (
    select * from {{ ref('int_funnel_attempts_excluded') }}
),

funnel_lengths as (
    select
        funnel_name,
        max(step_number) as step_count
    from {{ ref('stg_funnel_steps') }}
    group by funnel_name
),

attempts as (
    select
        funnel_name,
        person_id,
        attempt_index,
        min(reached_at) as started_at,
        max(step_number) as last_step_number,
        max(reached_at) as last_step_at
    from attempt_steps
    group by funnel_name, person_id, attempt_index
),

judged as (
    select
        attempts.funnel_name,
        attempts.person_id,
        attempts.attempt_index,
        attempts.last_step_number,
        attempts.started_at,
        attempts.last_step_at,
        attempts.last_step_number = funnel_lengths.step_count as is_completed,
        attempts_excluded.spoiled_step_number is not null as is_excluded,
        {{ reporting_date('attempts.started_at') }} as attempt_date
    from attempts
    inner join funnel_lengths
        on attempts.funnel_name = funnel_lengths.funnel_name
    left join attempts_excluded
        on
            attempts.funnel_name = attempts_excluded.funnel_name
            and attempts.person_id = attempts_excluded.person_id
            and attempts.attempt_index = attempts_excluded.attempt_index
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
    from judged
),

final as (
    select
        funnel_name,
        person_id,
        attempt_index,
        attempt_rank,
        last_step_number,
        is_completed,
        is_excluded,
        attempt_date,
        started_at,
        last_step_at,
        attempt_rank = 1 as is_best
    from ranked
)

select * from final
