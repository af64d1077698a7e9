{{ config(materialized='view') }}

with

funnels as (
    select * from {{ ref('stg_funnels') }}
),

steps as (
    select * from {{ ref('stg_funnel_steps') }}
),

exclusions as (
    select * from {{ ref('stg_funnel_exclusions') }}
    where event_name is not null
),

unioned as (
    select
        funnel_name,
        step_number,
        step_name,
        cast(null as bigint) as after_step,
        cast(null as bigint) as before_step,
        lower(event_name) as normalized_event_name,
        page_pattern,
        property_name,
        property_value
    from steps
    union all
    select
        funnel_name,
        cast(null as bigint) as step_number,
        cast(null as string) as step_name,
        after_step,
        before_step,
        lower(event_name) as normalized_event_name,
        cast(null as string) as page_pattern,
        cast(null as string) as property_name,
        cast(null as string) as property_value
    from exclusions
),

final as (
    select
        unioned.*,
        funnels.window_seconds,
        funnels.breakdown_property,
        max(unioned.step_number) over (partition by unioned.funnel_name) as step_count
    from unioned
    inner join funnels
        on unioned.funnel_name = funnels.funnel_name
)

select * from final
