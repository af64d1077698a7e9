{{ config(**stored_by_day('attempt_date', ['funnel_name', 'entrant_key'])) }}

with

attempts as (
    select * from {{ ref('int_funnel_attempts_opened') }}
),

attempts_excluded as (
    select * from {{ ref('int_funnel_attempts_excluded') }}
),

steps as (
    select * from {{ ref('int_funnel_steps_walked') }}
),

last_steps as (
    select
        steps.entrant_key,
        steps.attempt_index,
        max(steps.step_number) as last_step_number,
        max(steps.reached_at) as last_step_at
    from steps
    left join attempts_excluded
        on
            steps.entrant_key = attempts_excluded.entrant_key
            and steps.attempt_index = attempts_excluded.attempt_index
    where
        attempts_excluded.spoiled_step_number is null
        or steps.step_number < attempts_excluded.spoiled_step_number
    group by steps.entrant_key, steps.attempt_index
),

measured as (
    select
        attempts.entrant_key,
        attempts.attempt_index,
        attempts.funnel_name,
        attempts.person_id,
        attempts.channel,
        attempts.platform,
        attempts.country,
        attempts.device_category,
        attempts.breakdown_value,
        attempts.step_count,
        attempts.start_count,
        coalesce(last_steps.last_step_number, 1) as last_step_number,
        attempts_excluded.entrant_key is not null as is_excluded,
        attempts.attempt_date,
        {{ reporting_date('attempts.window_ends_at') }} as window_closing_date,
        attempts.started_at,
        coalesce(last_steps.last_step_at, attempts.started_at) as last_step_at
    from attempts
    left join last_steps
        on
            attempts.entrant_key = last_steps.entrant_key
            and attempts.attempt_index = last_steps.attempt_index
    left join attempts_excluded
        on
            attempts.entrant_key = attempts_excluded.entrant_key
            and attempts.attempt_index = attempts_excluded.attempt_index
),

-- A person's result is the best attempt: the furthest, then the earliest to get there,
-- then the latest to start.
ranked as (
    select
        *,
        row_number() over (
            partition by entrant_key
            order by
                last_step_number desc,
                last_step_at asc,
                attempt_index desc
        ) as attempt_rank,
        count(*) over (partition by entrant_key) as attempt_count
    from measured
),

final as (
    select
        entrant_key,
        attempt_index,
        attempt_rank,
        attempt_count,
        funnel_name,
        person_id,
        channel,
        platform,
        country,
        device_category,
        breakdown_value,
        start_count,
        last_step_number,
        is_excluded,
        attempt_date,
        window_closing_date,
        started_at,
        last_step_at,
        last_step_number = step_count as is_completed,
        attempt_rank = 1 as is_best
    from ranked
)

select * from final
