{#- The rows of a query over a model of definitions as it stands in the database; none where
    it has not been built, and in a unit test: that knows no other model, and its `ref` is
    made of the test's rows, which no query can read. -#}
{% macro definition_rows(model_name, columns) %}
    {%- do also_reads(model_name) -%}
    {%- set rows = [] -%}
    {%- if execute and graph and graph.nodes -%}
        {%- for node in graph.nodes.values() if node.name == model_name -%}
            {%- set built = adapter.get_relation(node.database, node.schema, node.alias) -%}
            {%- if built -%}
                {%- do rows.extend(run_query('select ' ~ columns ~ ' from ' ~ built).rows) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(rows) }}
{% endmacro %}


{#- The numbers of steps after the first, up to those of the longest funnel; where no
    definitions can be read, up to 6. -#}
{% macro later_funnel_steps() %}
    {%- set rows = definition_rows('stg_funnel_steps', 'coalesce(max(step_number), 2)') -%}
    {%- set last_step = rows[0][0] if rows else 6 -%}
    {{ return(range(2, [last_step, 2] | max + 1) | list) }}
{% endmacro %}


{#- Stops the run where a funnel asks for an order of steps that is not built, lest it be
    counted as another one. -#}
{% macro refuse_unordered_funnels() %}
    {%- for row in definition_rows('stg_funnels', 'funnel_name, step_order')
        if row[1] not in ['ordered', 'strict'] -%}
        {{ exceptions.raise_compiler_error(
            "funnels.csv, " ~ row[0] ~ ": step_order is " ~ (row[1] or 'empty')
            ~ ". Only ordered and strict funnels are built; write one of these, or take the "
            ~ "funnel out. No funnel was touched."
        ) }}
    {%- endfor -%}
{% endmacro %}


{#- A name for what funnels ask of events now: a rule of the table of their events. -#}
{% macro funnel_definitions() %}
    {%- set asked = [] -%}
    {%- for row in run_query('select * from ' ~ ref('int_funnel_events_asked')).rows -%}
        {%- do asked.append(row.values() | join('|')) -%}
    {%- endfor -%}
    {{ return(local_md5(asked | sort | join('; '))) }}
{% endmacro %}
