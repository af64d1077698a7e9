{{ config(materialized='view') }}

with

seen as (
    select distinct normalized_event_name from {{ ref('int_session_events_counted') }}
),

tracking_plan as (
    select
        counts_as_activity,
        lower(event_name) as normalized_event_name
    from {{ ref('stg_tracking_plan') }}
),

-- An event that the tracking plan does not know counts as activity until the plan says
-- otherwise: an untidy plan must not make people look absent.
flagged as (
    select
        seen.normalized_event_name,
        coalesce(tracking_plan.counts_as_activity, true) as counts_as_activity
    from seen
    left join tracking_plan
        on seen.normalized_event_name = tracking_plan.normalized_event_name
)

select * from flagged
