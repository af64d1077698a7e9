{{ config(materialized='view') }}

with

events as (
    select * from {{ ref('int_events_defined') }}
),

identified as (
    {{ identified_events('events') }}
),

final as (
    select
        event_id,
        person_id,
        session_id,
        product_id,
        normalized_event_name,
        properties,
        is_bot,
        event_date,
        device_date,
        occurred_at
    from identified
)

select * from final
