{{ config(materialized='view') }}

with

attempts as (
    select * from {{ ref('int_funnel_attempts_ranked') }}
),

final as (
    select
        funnel_name,
        person_id,
        attempt_index,
        attempt_rank,
        start_count,
        last_step_number,
        is_completed,
        is_excluded,
        attempt_date,
        started_at,
        last_step_at,
        is_best
    from attempts
)

select * from final
