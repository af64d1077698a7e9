{#- What an engine needs before the first model. Contracts name one type per column for
    every engine; DuckDB learns BigQuery's name for its double. -#}
{% macro prepare_engine() %}
    {{- return(adapter.dispatch('prepare_engine')()) -}}
{% endmacro %}

{% macro default__prepare_engine() %}
{% endmacro %}

{% macro duckdb__prepare_engine() %}
    create type if not exists float64 as double
{% endmacro %}
