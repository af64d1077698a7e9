{#- The configuration of a table that is kept by day: its rows are replaced day by day, by
    `column`. `made_from` is `loads` where these are load dates; else it is made from the
    event table, or from tables that are. `definitions` names models whose rows decide what
    its rows are. `sliced_as` where a long history takes more memory or disk than DuckDB may
    have: the table by whose rows days are counted (sliced_statements). -#}
{% macro replaced_by_day(column, made_from='events', cluster_by=none, definitions=none,
    is_filter_required=false, sliced_as=none, pre_hook=none) %}
    {%- set settings = {
        'materialized': 'incremental',
        'on_schema_change': 'fail',
        'partition_by': partitioned_by_day(column),
        'meta': {
            'replaced_by': column, 'made_from': made_from, 'definitions': definitions,
            'sliced_as': sliced_as
        },
        'post_hook': "{{ record_mark() }}",
    } -%}
    {%- do settings.update({'cluster_by': cluster_by}) if cluster_by -%}
    {%- do settings.update({'pre_hook': pre_hook}) if pre_hook -%}
    {%- if is_filter_required -%}
        {%- do settings.update(filter_required()) -%}
        {%- do settings.meta.update({'filter_required_on': column}) -%}
    {%- endif -%}
    {%- do settings.update(replacement()) -%}
    {{ return(settings) }}
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
    where {{ on_dates(config.get('meta').replaced_by, dates_to_write()) }};
    insert into {{ arguments.target_relation }} ({{ columns }})
    select {{ columns }} from {{ arguments.temp_relation }};
{% endmacro %}


{#- Stands in for dbt-duckdb's own where a table is made whole that may be too large for one
    statement: it writes some days, then the next. DuckDB keeps in memory the texts that an
    aggregate has picked; grouping more than fits there, it may stop instead of using the
    disk; and where one side of a join does not fit, it puts both on disk, the wide one
    unpacked. A slice is what an increment over its days would read and write. -#}
{% macro duckdb__create_table_as(
    temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none
) %}
    {%- set meta = config.get('meta') or {} -%}
    {%- set last_days = [] -%}
    {%- if meta.sliced_as and not temporary and '/* slice ' in compiled_code -%}
        {%- do last_days.extend(slices_of_days(meta.sliced_as)) -%}
    {%- endif -%}
    {%- if last_days | length < 2 -%}
        {{ return(dbt.duckdb__create_table_as(
            temporary, relation, compiled_code, language, partitioned_by, sorted_by
        )) }}
    {%- endif -%}
    {%- for last_day in last_days %}
        {{ 'create table ' ~ relation ~ ' as' if loop.first else 'insert into ' ~ relation }}
        {{ slice_of(
            compiled_code,
            loop.previtem + modules.datetime.timedelta(days=1) if not loop.first else none,
            last_day if not loop.last else none
        ) }};
    {%- endfor %}
{% endmacro %}


{#- A statement over every day (on_dates), told to look at the days from the first to the last
    alone, and as many before and after as its conditions ask for; none for no bound. -#}
{% macro slice_of(code, first, last) %}
    {%- set text = namespace(code=code) -%}
    {%- for match in modules.re.findall(
        "(date '[0-9-]{10}' /[*] slice ([+-])([0-9]+) [*]/)", code
    ) | unique -%}
        {%- set shift = modules.datetime.timedelta(days=match[2] | int) -%}
        {%- set bound = (first - shift if first else none) if match[1] == '-'
            else (last + shift if last else none) -%}
        {%- set text.code = text.code.replace(match[0], "date '" ~ bound ~ "'") if bound
            else text.code -%}
    {%- endfor -%}
    {{ return(text.code) }}
{% endmacro %}


{#- The last day of each slice of a table with events by day. -#}
{% macro slices_of_days(table) %}
    {{ return(run_query(
        'with days as (select event_date, count(*) as row_count from '
        ~ table_of_last_run(table) ~ ' group by event_date), '
        ~ 'placed as (select event_date, (sum(row_count) over (order by event_date) - row_count) '
        ~ '// ' ~ rows_of_a_slice() ~ ' as slice from days) '
        ~ 'select max(event_date) from placed group by slice order by slice'
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
        and {{ on_dates('held.' ~ config.get('meta').replaced_by, dates_to_write()) }}
        then delete
    when not matched then
        insert ({{ columns }})
        values ({{ columns }})
{% endmacro %}


{#- A log that only grows, and that a full refresh leaves alone. -#}
{% macro ledger() %}
    {{- return(adapter.dispatch('ledger')()) -}}
{% endmacro %}

{% macro duckdb__ledger() %}
    {{ return({
        'materialized': 'incremental', 'incremental_strategy': 'append',
        'full_refresh': false, 'meta': {'is_ledger': true}
    }) }}
{% endmacro %}

{% macro bigquery__ledger() %}
    {{ return({
        'materialized': 'incremental', 'incremental_strategy': 'merge',
        'full_refresh': false, 'meta': {'is_ledger': true}
    }) }}
{% endmacro %}
