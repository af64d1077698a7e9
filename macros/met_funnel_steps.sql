{#- Which steps of funnels met an event, as [funnel_name, step_number, whether an event had a
    value of the breakdown]. Nothing but in a run that has built them. -#}
{% macro met_funnel_steps() %}
    {%- set matched = ref('int_funnel_events_matched') -%}
    {%- if not execute or flags.WHICH not in ('build', 'test') -%} {{ return([]) }} {%- endif -%}
    {%- set found = [] -%}
    {%- for row in run_query(
        'select funnel_name, step_number, '
        ~ 'max(case when breakdown_value is not null then 1 else 0 end) as has_breakdown from '
        ~ matched ~ ' where step_number is not null group by funnel_name, step_number'
    ) -%}
        {%- do found.append([row[0], row[1] | int, row[2] == 1]) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{#- A whole select: those steps as rows. -#}
{% macro rows_of_met_steps(met) -%}
    select
        cast(null as string) as funnel_name,
        cast(null as bigint) as step_number,
        false as has_breakdown
    {%- for funnel_name, step_number, has_breakdown in met %}
    union all
    select
        '{{ dbt.escape_single_quotes(funnel_name) }}' as funnel_name,
        {{ step_number }} as step_number,
        {{ has_breakdown | lower }} as has_breakdown
    {%- endfor %}
{%- endmacro %}


{#- The names of events of steps that have a condition and met no event, as a list of SQL
    literals: their events are looked at for what is spelled otherwise. -#}
{% macro events_of_unmet_steps(met) %}
    {%- set steps = ref('stg_funnel_steps') -%}
    {%- set names = ["'(none)'"] -%}
    {%- if execute and flags.WHICH in ('build', 'test') -%}
        {%- set reached = [] -%}
        {%- for funnel_name, step_number, has_breakdown in met -%}
            {%- do reached.append([funnel_name, step_number]) -%}
        {%- endfor -%}
        {%- for row in run_query(
            'select funnel_name, step_number, lower(event_name) as event_name from ' ~ steps
            ~ ' where event_name is not null'
            ~ ' and (property_name is not null or page_pattern is not null)'
        ) if [row[0], row[1] | int] not in reached -%}
            {%- do names.append("'" ~ dbt.escape_single_quotes(row[2]) ~ "'") -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(names | unique | list) }}
{% endmacro %}


{#- A name without what people spell in several ways: case, blanks, hyphens, underscores. -#}
{% macro spelling(name) -%}
    replace(replace(replace(lower({{ name }}), '_', ''), '-', ''), ' ', '')
{%- endmacro %}


{#- True where one name may be a slip of the other. -#}
{% macro may_be_meant(name, other) -%}
    (
        {{ spelling(name) }} = {{ spelling(other) }}
        or {{ letters_apart(spelling(name), spelling(other)) }} * 2 <= length({{ name }})
    )
{%- endmacro %}
