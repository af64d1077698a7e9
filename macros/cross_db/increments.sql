{#- The configuration of an incremental model whose rows are replaced day by day, by
    `column`. `holds` names what it is made from, and so which days a run replaces; `rules`
    names more rules than the event table's. `sliced_as` where a long history takes more
    memory or disk than DuckDB may have: see duckdb__create_table_as. -#}
{% macro replaced_by_day(column, holds=none, cluster_by=none, rules=none,
    is_filter_required=false, sliced_as=none) %}
    {%- set settings = {
        'materialized': 'incremental',
        'on_schema_change': 'fail',
        'partition_by': partitioned_by_day(column),
        'meta': {
            'replaced_by': column, 'holds': holds or event_table_name(), 'rules': rules,
            'sliced_as': sliced_as, 'sliced_by': column
        },
        'post_hook': "{{ record_mark('" ~ (holds or event_table_name()) ~ "') }}",
    } -%}
    {%- do settings.update({'cluster_by': cluster_by}) if cluster_by -%}
    {%- if is_filter_required -%}
        {%- do settings.update(filter_required()) -%}
        {%- do settings.meta.update({'filter_required_on': column}) -%}
    {%- endif -%}
    {%- do settings.update(replacement()) -%}
    {{ return(settings) }}
{% endmacro %}


{#- The configuration of a table that holds this run's new rows alone. -#}
{% macro read_anew(holds, column=none, cluster_by=none) %}
    {{ return({
        'materialized': 'table',
        'partition_by': partitioned_by_day(column) if column else none,
        'cluster_by': cluster_by,
        'meta': {'holds': holds, 'rules': 'reading', 'of_the_run': 'new rows'},
        'post_hook': "{{ record_mark('" ~ holds ~ "') }}",
    }) }}
{% endmacro %}

{% macro replacement() %}
    {{- return(adapter.dispatch('replacement')()) -}}
{% endmacro %}

{% macro duckdb__replacement() %}
    {{ return({'incremental_strategy': 'replacement'}) }}
{% endmacro %}

{% macro bigquery__replacement() %}
    {{ return({'incremental_strategy': 'insert_overwrite'}) }}
{% endmacro %}


{#- DuckDB: both statements stand in the transaction of the model. -#}
{% macro get_incremental_replacement_sql(arguments) %}
    {%- set columns = get_quoted_csv(arguments.dest_columns | map(attribute='name')) -%}
    delete from {{ arguments.target_relation }}
    where {{ on_dates(config.get('meta').replaced_by, dates_to_replace()) }};
    insert into {{ arguments.target_relation }} ({{ columns }})
    select {{ columns }} from {{ arguments.temp_relation }};
{% endmacro %}


{#- Stands in for dbt-duckdb's own where a model is sliced and every day is written. It
    writes some days, then the next. DuckDB keeps in
    memory the texts that an aggregate has picked; grouping more than fits there, it may stop
    instead of using the disk; and where one side of a join does not fit, it puts both on disk,
    the wide one unpacked. The model has to group or join by the column, or each slice would
    do the work of all. -#}
{% macro duckdb__create_table_as(
    temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none
) %}
    {%- set meta = config.get('meta') or {} -%}
    {%- set last_days = [] -%}
    {%- if meta.sliced_as and dates_to_replace() is none -%}
        {%- do last_days.extend(slices_of_days(meta.sliced_as, meta.sliced_by)) -%}
    {%- endif -%}
    {%- if last_days | length < 2 -%}
        {{ return(dbt.duckdb__create_table_as(
            temporary, relation, compiled_code, language, partitioned_by, sorted_by
        )) }}
    {%- endif -%}
    {%- set table = relation.include(database=not temporary, schema=not temporary) -%}
    {%- for last_day in last_days %}
        {{ 'create' ~ (' temporary' if temporary) ~ ' table ' ~ table ~ ' as'
            if loop.first else 'insert into ' ~ table }}
        select * from ({{ compiled_code }}) as every_day
        where
            {{ meta.sliced_by }} <= date '{{ last_day }}'
            {%- if not loop.first %}
                and {{ meta.sliced_by }} > date '{{ loop.previtem }}'
            {%- endif %};
    {%- endfor %}
{% endmacro %}


{#- The last day of each slice of a table by a column of days. -#}
{% macro slices_of_days(table, column) %}
    {{ return(run_query(
        'with days as (select ' ~ column ~ ' as day, count(*) as row_count from '
        ~ held_table(table) ~ ' where ' ~ column ~ ' is not null group by day), '
        ~ 'placed as (select day, (sum(row_count) over (order by day) - row_count) '
        ~ '// ' ~ rows_of_a_slice() ~ ' as slice from days) '
        ~ 'select max(day) from placed group by slice order by slice'
    ).columns[0].values() | list) }}
{% endmacro %}

{#- Of events, one and a half gigabytes of DuckDB's memory. -#}
{% macro rows_of_a_slice() %}
    {{- return(10000000) -}}
{% endmacro %}


{#- BigQuery: stands in for dbt-bigquery's own, which takes the partitions from the
    configuration and so cannot know those of this run. One statement replaces the days,
    named as constants, whole. -#}
{% macro bq_generate_incremental_insert_overwrite_build_sql(
    tmp_relation, target_relation, sql, unique_key, partition_by, partitions,
    dest_columns, tmp_relation_exists, copy_partitions
) %}
    {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
    {%- set rows = 'select * from ' ~ tmp_relation if tmp_relation_exists else sql -%}
    merge into {{ target_relation }} as held
        using ({{ rows }}) as fresh
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
