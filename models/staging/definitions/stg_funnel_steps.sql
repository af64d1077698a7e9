-- depends_on: {{ ref('funnel_steps') }}
with

source as (
    {{ read_definition('funnel_steps') }}
),

event_names as (
    select * from {{ ref('stg_event_names') }}
),

named as (
    select
        source.funnel_name,
        source.step_number,
        source.step_name,
        source.page_pattern,
        source.property_name,
        source.property_value,
        coalesce(event_names.standard_name, source.event_name) as event_name
    from source
    left join event_names
        on lower(source.event_name) = event_names.event_name
),

final as (
    select
        funnel_name,
        step_number,
        step_name,
        event_name,
        page_pattern,
        property_name,
        property_value
    from named
)

select * from final
