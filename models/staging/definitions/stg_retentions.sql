-- depends_on: {{ ref('retentions') }}
with

source as (
    {{ read_definition('retentions') }}
),

event_names as (
    select * from {{ ref('stg_event_names') }}
),

named as (
    select
        source.retention_name,
        source.description,
        source.cohort_rule,
        source.period,
        source.mode,
        source.max_periods,
        coalesce(start_names.standard_name, source.start_event) as start_event,
        coalesce(return_names.standard_name, source.return_event) as return_event
    from source
    left join event_names as start_names
        on lower(source.start_event) = start_names.event_name
    left join event_names as return_names
        on lower(source.return_event) = return_names.event_name
),

final as (
    select
        retention_name,
        description,
        start_event,
        return_event,
        cohort_rule,
        period,
        mode,
        max_periods
    from named
)

select * from final
