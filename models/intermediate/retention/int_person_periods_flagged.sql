with

retentions as (
    select * from {{ ref('stg_retentions') }}
),

session_event_days as (
    select * from {{ ref('int_session_events_counted') }}
),

event_names as (
    select * from {{ ref('int_event_names_classified') }}
),

-- Which names start and which return, each empty definition spelled out as every name
-- that counts as activity, so that the join below is by name.
roles as (
    select
        retentions.retention_name,
        retentions.period,
        event_names.normalized_event_name,
        event_names.is_server_event,
        coalesce(
            lower(retentions.start_event) = event_names.normalized_event_name,
            event_names.counts_as_activity
        ) as is_start,
        coalesce(
            lower(retentions.return_event) = event_names.normalized_event_name,
            event_names.counts_as_activity
        ) as is_return
    from retentions
    cross join event_names
),

placed as (
    select
        roles.retention_name,
        session_event_days.person_id,
        {{ period_start('roles.period', 'session_event_days.event_date') }}
            as period_start,
        max(case when roles.is_start then 1 else 0 end) = 1 as has_start,
        max(case when roles.is_return then 1 else 0 end) = 1 as has_return
    from session_event_days
    inner join roles
        on
            session_event_days.normalized_event_name = roles.normalized_event_name
            and (session_event_days.session_key is null) = roles.is_server_event
    where roles.is_start or roles.is_return
    group by roles.retention_name, session_event_days.person_id, period_start
)

select * from placed
