-- depends_on: {{ ref('conversions') }}
with

source as (
    {{ read_definition('conversions') }}
),

event_names as (
    select * from {{ ref('stg_event_names') }}
),

named as (
    select
        source.conversion_name,
        source.value_from,
        coalesce(event_names.standard_name, source.event_name) as event_name
    from source
    left join event_names
        on lower(source.event_name) = event_names.event_name
),

final as (
    select
        conversion_name,
        event_name,
        value_from
    from named
)

select * from final
