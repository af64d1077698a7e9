{{ config(materialized='view') }}

with

steps as (
    select * from {{ ref('int_funnel_steps_kept') }}
),

final as (
    select
        funnel_name,
        person_id,
        attempt_index,
        step_number,
        step_name,
        event_id,
        device_date,
        started_at,
        previous_reached_at,
        reached_at,
        seconds_from_previous,
        seconds_from_start
    from steps
)

select * from final
