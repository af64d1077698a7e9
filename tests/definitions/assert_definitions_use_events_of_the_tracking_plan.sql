-- A warning: a funnel may be written before the plan is, and the data decides.
{{ config(severity='warn') }}

with

used as (
    select
        'funnel_steps.csv' as file_name,
        concat(funnel_name, ', step ', cast(step_number as string)) as row_name,
        event_name
    from {{ ref('funnel_steps') }}
    union all
    select
        'funnel_exclusions.csv' as file_name,
        concat('exclusion in ', funnel_name) as row_name,
        event_name
    from {{ ref('funnel_exclusions') }}
    union all
    select
        'retentions.csv' as file_name,
        concat(retention_name, ', start_event') as row_name,
        nullif(start_event, '') as event_name
    from {{ ref('retentions') }}
    union all
    select
        'retentions.csv' as file_name,
        concat(retention_name, ', return_event') as row_name,
        nullif(return_event, '') as event_name
    from {{ ref('retentions') }}
    union all
    select
        'conversions.csv' as file_name,
        conversion_name as row_name,
        event_name
    from {{ ref('conversions') }}
    union all
    select
        'tracking_plan_properties.csv' as file_name,
        concat(event_name, ', ', property_name) as row_name,
        event_name
    from {{ ref('tracking_plan_properties') }}
)

select
    used.file_name,
    used.row_name,
    concat(
        used.file_name, ', ', used.row_name,
        ': tracking_plan.csv has no event ', used.event_name,
        '; correct the name or add the event there.'
    ) as problem
from used
left join {{ ref('stg_event_names') }} as event_names
    on lower({{ trimmed('used.event_name') }}) = event_names.event_name
left join {{ ref('stg_tracking_plan') }} as tracking_plan
    on
        coalesce(event_names.standard_name, lower({{ trimmed('used.event_name') }}))
        = lower(tracking_plan.event_name)
-- An order is the application's.
where
    used.event_name is not null
    and lower({{ trimmed('used.event_name') }}) <> 'order'
    and tracking_plan.event_name is null
