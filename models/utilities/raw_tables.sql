-- Every staging model of a raw table stands behind this one, so that input that cannot
-- be built from stops the run before a table of the last run is touched.
with

{% if execute -%}
    checked as (
        {%- for declaration in graph.sources.values()
            if declaration.source_name == 'raw' %}
            select
                '{{ declaration.name }}' as table_name,
                cast({{ check_raw_table(declaration) }} as bigint) as row_count
            {{ 'union all' if not loop.last }}
        {%- endfor %}
        {%- for tracker in open_exports() %}
            union all
            select
                '{{ tracker }}' as table_name,
                cast({{ check_export(tracker) }} as bigint) as row_count
        {%- endfor %}
    )
{%- else -%}
    checked as (select 1)
{%- endif %}

select * from checked
