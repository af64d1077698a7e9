{#- Daily partitions by a date column, or a timestamp's day, where the engine has partitions
    (BigQuery). -#}
{% macro partitioned_by_day(column, data_type='date') %}
    {{- return(adapter.dispatch('partitioned_by_day')(column, data_type)) -}}
{% endmacro %}

{% macro default__partitioned_by_day(column, data_type) %}
    {{ return(none) }}
{% endmacro %}

{% macro bigquery__partitioned_by_day(column, data_type) %}
    {{ return({'field': column, 'data_type': data_type, 'granularity': 'day'}) }}
{% endmacro %}


{#- The configuration of a large table: partitions by day, rows in them ordered by the
    columns that it is filtered and joined by. -#}
{% macro stored_by_day(column, cluster_by, data_type='date') %}
    {{ return({
        'partition_by': partitioned_by_day(column, data_type), 'cluster_by': cluster_by
    }) }}
{% endmacro %}


{#- Makes the engine refuse a query that does not say which days of the table it wants,
    where it can (BigQuery). -#}
{% macro filter_required() %}
    {{- return(adapter.dispatch('filter_required')()) -}}
{% endmacro %}

{% macro default__filter_required() %}
    {{ return({}) }}
{% endmacro %}

{% macro bigquery__filter_required() %}
    {{ return({'require_partition_filter': true}) }}
{% endmacro %}


{#- Stands in for dbt's own on BigQuery: a generic test on a table that asks for its days
    wants them all. The model's meta.filter_required_on names the column. -#}
{% macro bigquery__get_where_subquery(relation) %}
    {%- set conditions = [config.get('where')] if config.get('where') else [] -%}
    {%- set tested = graph.nodes.get(model.attached_node) if execute -%}
    {%- set column = tested.config.meta.get('filter_required_on') if tested -%}
    {%- do conditions.append(on_every_day(column)) if column -%}
    {{ return(
        '(select * from ' ~ relation ~ ' where ' ~ conditions | join(' and ') ~ ')'
        if conditions else relation
    ) }}
{% endmacro %}


{#- Stands in for dbt-duckdb's own, whose views name the database, which is the file's name:
    a file that is copied under another name, or attached, would look for its old one. A
    view without it looks in the file that it lies in. -#}
{% macro duckdb__create_view_as(relation, sql) -%}
    {%- set of_this_file = adapter.quote(relation.database) ~ '[.]("[^"]+"[.]")' -%}
    {{ dbt.duckdb__create_view_as(
        relation, modules.re.sub(of_this_file, '\\1', sql)
    ) }}
{%- endmacro %}
