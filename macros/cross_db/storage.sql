{#- Daily partitions by a date column, where the engine has partitions (BigQuery). -#}
{% macro partitioned_by_day(column) %}
    {{- return(adapter.dispatch('partitioned_by_day')(column)) -}}
{% endmacro %}

{% macro default__partitioned_by_day(column) %}
    {{ return(none) }}
{% endmacro %}

{% macro bigquery__partitioned_by_day(column) %}
    {{ return({'field': column, 'data_type': 'date', 'granularity': 'day'}) }}
{% endmacro %}
