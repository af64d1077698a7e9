with

-- The name `order` stands for an order of the application, which is told from an event
-- of that name by its brackets.
retentions as (
    select
        retention_name,
        period,
        case lower(start_event)
            when 'order' then '(order)'
            else lower(start_event)
        end as start_event,
        case lower(return_event)
            when 'order' then '(order)'
            else lower(return_event)
        end as return_event
    from {{ ref('stg_retentions') }}
),

session_event_days as (
    select
        person_id,
        event_date,
        normalized_event_name,
        session_key
    from {{ ref('int_session_events_counted') }}
    union all
    select
        person_id,
        order_date as event_date,
        '(order)' as normalized_event_name,
        cast(null as bigint) as session_key
    from {{ ref('int_orders_identified') }}
    where
        person_id is not null
        and order_date is not null
),

event_names as (
    select
        normalized_event_name,
        is_server_event,
        counts_as_activity
    from {{ ref('int_event_names_classified') }}
    union all
    select
        '(order)' as normalized_event_name,
        true as is_server_event,
        false as counts_as_activity
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
            retentions.start_event = event_names.normalized_event_name,
            event_names.counts_as_activity
        ) as is_start,
        coalesce(
            retentions.return_event = event_names.normalized_event_name,
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
