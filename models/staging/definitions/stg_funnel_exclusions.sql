-- depends_on: {{ ref('funnel_exclusions') }}
with

source as (
    {{ read_definition('funnel_exclusions') }}
),

event_names as (
    select * from {{ ref('stg_event_names') }}
),

named as (
    select
        source.funnel_name,
        source.after_step,
        source.before_step,
        coalesce(event_names.standard_name, source.event_name) as event_name
    from source
    left join event_names
        on lower(source.event_name) = event_names.event_name
),

final as (
    select
        funnel_name,
        event_name,
        after_step,
        before_step
    from named
)

select * from final
