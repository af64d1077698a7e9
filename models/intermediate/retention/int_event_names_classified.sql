{{ config(materialized='view') }}

with

-- Events of a server have no session.
seen as (
    select distinct
        normalized_event_name,
        session_key is null as is_server_event
    from {{ ref('int_session_events_counted') }}
),

tracking_plan as (
    select
        lower(event_name) as normalized_event_name,
        max(case when counts_as_activity then 1 else 0 end) = 1 as counts_as_activity
    from {{ ref('stg_tracking_plan') }}
    where counts_as_activity is not null
    group by lower(event_name)
),

-- An event that the tracking plan does not know counts as activity until the plan says
-- otherwise: an untidy plan must not make people look absent. Of a server's event (a
-- mail that was delivered) nobody need be there, so it counts where the plan says so; a
-- page ping measures attention, and counts as nothing that was done unless it says so.
flagged as (
    select
        seen.normalized_event_name,
        seen.is_server_event,
        coalesce(
            tracking_plan.counts_as_activity,
            not seen.is_server_event and seen.normalized_event_name != {{ page_ping() }}
        ) as counts_as_activity
    from seen
    left join tracking_plan
        on seen.normalized_event_name = tracking_plan.normalized_event_name
)

select * from flagged
