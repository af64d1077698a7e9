{#- The configuration of an incremental model whose rows are replaced day by day, by
    `column`. `holds` names what it is made from, and so which days a run replaces; `rules`
    names more rules than the event table's. -#}
{% macro replaced_by_day(column, holds=none, cluster_by=none, rules=none,
    is_filter_required=false) %}
    {%- set settings = {
        'materialized': 'incremental',
        'on_schema_change': 'fail',
        'partition_by': partitioned_by_day(column),
        'meta': {
            'replaced_by': column, 'holds': holds or event_table_name(), 'rules': rules
        },
        'post_hook': "{{ record_mark('" ~ (holds or event_table_name()) ~ "') }}",
    } -%}
    {%- do settings.update({'cluster_by': cluster_by}) if cluster_by -%}
    {%- if is_filter_required -%}
        {%- do settings.update(filter_required()) -%}
        {%- do settings.meta.update({'filter_required_on': column}) -%}
    {%- endif -%}
    {%- do settings.update(day_replacement()) -%}
    {{ return(settings) }}
{% endmacro %}


{#- The configuration of a table that holds this run's new rows alone. -#}
{% macro read_anew(holds, column=none, cluster_by=none) %}
    {{ return({
        'materialized': 'table',
        'partition_by': partitioned_by_day(column) if column else none,
        'cluster_by': cluster_by,
        'meta': {'holds': holds, 'rules': 'reading'},
        'post_hook': "{{ record_mark('" ~ holds ~ "') }}",
    }) }}
{% endmacro %}

{% macro day_replacement() %}
    {{- return(adapter.dispatch('day_replacement')()) -}}
{% endmacro %}

{% macro duckdb__day_replacement() %}
    {{ return({'incremental_strategy': 'replace_days'}) }}
{% endmacro %}

{% macro bigquery__day_replacement() %}
    {{ return({'incremental_strategy': 'insert_overwrite'}) }}
{% endmacro %}


{#- DuckDB: both statements stand in the transaction of the model. -#}
{% macro get_incremental_replace_days_sql(arguments) %}
    {%- set columns = get_quoted_csv(arguments.dest_columns | map(attribute='name')) -%}
    delete from {{ arguments.target_relation }}
    where {{ on_dates(config.get('meta').replaced_by, dates_to_replace()) }};
    insert into {{ arguments.target_relation }} ({{ columns }})
    select {{ columns }} from {{ arguments.temp_relation }};
{% endmacro %}


{#- BigQuery: stands in for dbt-bigquery's own, which takes the partitions from the
    configuration and so cannot know those of this run. One statement replaces the days,
    named as constants, whole. -#}
{% macro bq_generate_incremental_insert_overwrite_build_sql(
    tmp_relation, target_relation, sql, unique_key, partition_by, partitions,
    dest_columns, tmp_relation_exists, copy_partitions
) %}
    {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
    merge into {{ target_relation }} as held
    using (
        {{ 'select * from ' ~ tmp_relation if tmp_relation_exists else sql }}
    ) as fresh
    on false
    when not matched by source
        and {{ on_dates('held.' ~ config.get('meta').replaced_by, dates_to_replace()) }}
        then delete
    when not matched then
        insert ({{ columns }})
        values ({{ columns }})
{% endmacro %}


{#- A log that only grows, and that a full refresh leaves alone. -#}
{% macro appended() %}
    {{- return(adapter.dispatch('appended')()) -}}
{% endmacro %}

{% macro duckdb__appended() %}
    {{ return({
        'materialized': 'incremental', 'incremental_strategy': 'append', 'full_refresh': false
    }) }}
{% endmacro %}

{% macro bigquery__appended() %}
    {{ return({
        'materialized': 'incremental', 'incremental_strategy': 'merge', 'full_refresh': false
    }) }}
{% endmacro %}
