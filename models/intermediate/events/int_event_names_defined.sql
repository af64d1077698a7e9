{{ config(materialized='view') }}

-- A funnel step without a name takes any event, and a strict funnel asks for every event:
-- '*' stands for that.
with

named as (
    select coalesce(lower(event_name), '*') as normalized_event_name
    from {{ ref('stg_funnel_steps') }}
    union distinct
    select '*' as normalized_event_name
    from {{ ref('stg_funnels') }}
    where step_order = 'strict'
    union distinct
    select lower(event_name) as normalized_event_name
    from {{ ref('stg_funnel_exclusions') }}
    union distinct
    select lower(event_name) as normalized_event_name from {{ ref('stg_conversions') }}
    union distinct
    select 'product_viewed' as normalized_event_name
    union distinct
    select 'product_added_to_cart' as normalized_event_name
)

select * from named
where normalized_event_name is not null
