{#- What funnels are counted by: each grain with each dimension, as a list of pairs.
    `breakdown` is the property that a funnel names itself. -#}
{% macro funnel_splits() %}
    {%- set splits = [] -%}
    {%- for grain in ['all', 'day', 'week', 'month'] -%}
        {%- for dimension in funnel_dimensions() + ['breakdown'] -%}
            {%- do splits.append((grain, dimension)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(splits) }}
{% endmacro %}

{#- The dimensions that every funnel has. -#}
{% macro funnel_dimensions() %}
    {{ return(['all', 'channel', 'platform', 'country', 'device_category']) }}
{% endmacro %}


{#- A whole select: the rows of a CTE of attempts with the period and the value that they
    count under in one split. The grain `all` has one period, which starts with the data. A
    breakdown by a dimension that every funnel has adds nothing. The model has CTEs `horizon`
    (data_horizon) and `funnels` (stg_funnels). -#}
{% macro funnel_attempts_under(attempts, grain, dimension) -%}
    {%- set value = {'all': "'all'", 'breakdown': attempts ~ '.breakdown_value'}.get(
        dimension, attempts ~ '.' ~ dimension
    ) -%}
    select
        {{ attempts }}.*,
        '{{ grain }}' as period_grain,
        {{ 'horizon.first_date' if grain == 'all'
            else period_start("'" ~ grain ~ "'", attempts ~ '.attempt_date') }}
            as period_start,
        {{ 'funnels.breakdown_property' if dimension == 'breakdown'
            else "'" ~ dimension ~ "'" }} as dimension,
        coalesce({{ value }}, '(not set)') as dimension_value
    from {{ attempts }}
    {%- if grain == 'all' %}
        cross join horizon
    {%- endif %}
    {%- if dimension == 'breakdown' %}
        inner join funnels
            on
                {{ attempts }}.funnel_name = funnels.funnel_name
                and funnels.breakdown_property not in (
                    '{{ funnel_dimensions() | join("', '") }}'
                )
    {%- endif %}
{%- endmacro %}
