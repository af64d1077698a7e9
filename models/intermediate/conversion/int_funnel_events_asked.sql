{{ config(materialized='view') }}

{%- do refuse_unordered_funnels() %}

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
    union all
    -- A strict funnel has to know of whatever comes between its steps.
    select
        funnel_name,
        cast(null as bigint) as step_number,
        cast(null as string) as step_name,
        cast(null as bigint) as after_step,
        cast(null as bigint) as before_step,
        cast(null as string) as normalized_event_name,
        cast(null as string) as page_pattern,
        cast(null as string) as property_name,
        cast(null as string) as property_value
    from funnels
    where step_order = 'strict'
),

-- Two steps that take events of one name may take the same event, whatever else they
-- ask of it.
sharing as (
    select distinct steps.funnel_name
    from steps
    inner join steps as other_steps
        on
            steps.funnel_name = other_steps.funnel_name
            and steps.step_number < other_steps.step_number
    where
        steps.event_name is null
        or other_steps.event_name is null
        or lower(steps.event_name) = lower(other_steps.event_name)
),

final as (
    select
        unioned.*,
        funnels.window_seconds,
        funnels.breakdown_property,
        max(unioned.step_number) over (partition by unioned.funnel_name) as step_count,
        coalesce(funnels.step_order = 'strict', false) as is_strict,
        coalesce(funnels.step_order = 'strict', false)
        or sharing.funnel_name is not null as is_walked_by_instant
    from unioned
    inner join funnels
        on unioned.funnel_name = funnels.funnel_name
    left join sharing
        on unioned.funnel_name = sharing.funnel_name
)

select * from final
