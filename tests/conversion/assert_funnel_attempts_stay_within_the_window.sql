-- Steps follow each other in time, no event fills two of them, and the last lies within
-- the window, its end included.
with

steps as (
    select
        attempt_steps.funnel_name,
        attempt_steps.person_id,
        attempt_steps.attempt_index,
        attempt_steps.step_number,
        attempt_steps.seconds_from_start,
        attempt_steps.seconds_from_previous,
        funnels.window_seconds,
        row_number() over (
            partition by
                attempt_steps.funnel_name,
                attempt_steps.person_id,
                attempt_steps.attempt_index
            order by attempt_steps.step_number
        ) as expected_step_number,
        count(*) over (
            partition by
                attempt_steps.funnel_name,
                attempt_steps.person_id,
                attempt_steps.attempt_index,
                attempt_steps.event_id,
                attempt_steps.reached_at
        ) as step_count_of_event
    from {{ ref('funnel_attempt_steps') }} as attempt_steps
    inner join {{ ref('stg_funnels') }} as funnels
        on attempt_steps.funnel_name = funnels.funnel_name
)

select * from steps
where
    seconds_from_start > window_seconds
    or seconds_from_previous < 0
    or step_number <> expected_step_number
    or step_count_of_event > 1
