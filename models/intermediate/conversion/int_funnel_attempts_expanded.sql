{{ config(materialized='view') }}

with

expanded as (
    {%- for grain, dimension in funnel_splits() %}
        {{ funnel_attempts_under(grain, dimension) }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from expanded
