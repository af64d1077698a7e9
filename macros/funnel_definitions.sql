{#- The rows of a query over a model of definitions as it stands in the database; none where
    it has not been built, and in a unit test: that knows no other model, and its `ref` is
    made of the test's rows, which no query can read. -#}
{% macro definition_rows(model_name, columns) %}
    {%- set built = table_of_last_run(model_name) if execute -%}
    {{ return(run_query('select ' ~ columns ~ ' from ' ~ built).rows if built else []) }}
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
