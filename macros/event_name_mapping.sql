{#- The standard names of trackers' events, as one text: a rule of every table that stores
    events, since a row that was stored under another name stays under it. -#}
{% macro event_name_mapping() %}
    {%- if not execute -%} {{ return(ref('stg_event_names') | string) }} {%- endif -%}
    {%- set pairs = [] -%}
    {%- for row in run_query(
        'select event_name, standard_name from ' ~ ref('stg_event_names')
        ~ ' order by event_name'
    ) -%}
        {%- do pairs.append(row[0] ~ '=' ~ row[1]) -%}
    {%- endfor -%}
    {{ return(pairs | join(', ')) }}
{% endmacro %}
