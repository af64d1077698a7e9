-- depends_on: {{ ref('tracking_plan') }}
with

source as (
    {{ read_definition('tracking_plan') }}
),

event_names as (
    select * from {{ ref('stg_event_names') }}
),

named as (
    select
        source.description,
        source.owner,
        source.status,
        source.counts_as_activity,
        coalesce(event_names.standard_name, source.event_name) as event_name
    from source
    left join event_names
        on lower(source.event_name) = event_names.event_name
),

final as (
    select
        event_name,
        description,
        owner,
        status,
        counts_as_activity
    from named
)

select * from final
