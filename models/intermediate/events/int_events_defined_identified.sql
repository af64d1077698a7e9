{{ config(materialized='view') }}

with

events as (
    select * from {{ ref('int_events_defined') }}
),

identified as (
    {{ identified_events('events') }}
)

select * from identified
