{{ config(materialized='view') }}

with

touches as (
    select * from {{ ref('int_touches_found') }}
),

chosen as (
    select
        conversion_id,
        conversion_name,
        person_id,
        session_id,
        source,
        medium,
        campaign,
        channel,
        touch_index,
        touch_count,
        is_converting_session,
        touched_at,
        converted_at
    from touches
)

select * from chosen
