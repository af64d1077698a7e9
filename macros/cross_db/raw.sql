{#- The raw tables as each engine finds them: files in the folder FOOTFALL_RAW on DuckDB,
    tables of the dataset raw_schema on BigQuery. -#}

{#- The files of one raw table: a `read_parquet` or `read_csv` call, or none where the
    folder has no such table. Columns that only some of the files have are filled with
    nulls in the others. CSV is read as text; the casts come later, where they are counted. -#}
{% macro raw_relation(table) %}
    {{- return(adapter.dispatch('raw_relation')(table)) -}}
{% endmacro %}

{% macro duckdb__raw_relation(table) %}
    {%- set folder = raw_folder() ~ '/' ~ table -%}
    {%- set has_parquet = glob_count(folder ~ '/*.parquet') > 0 -%}
    {%- set has_csv = glob_count(folder ~ '/*.csv') > 0 -%}
    {%- if has_parquet and has_csv -%}
        {{ exceptions.raise_compiler_error(
            "The raw folder " ~ folder ~ " holds both Parquet and CSV files. "
            ~ "Keep one of the two: otherwise every row might be counted twice."
        ) }}
    {%- elif has_parquet -%}
        {{ return("read_parquet('" ~ sql_text(folder) ~ "/*.parquet', union_by_name = true)") }}
    {%- elif has_csv -%}
        {{ return("read_csv('" ~ sql_text(folder) ~ "/*.csv', union_by_name = true, "
            ~ "header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')") }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}

{% macro bigquery__raw_relation(table) %}
    {%- set declared = source('raw', table) -%}
    {{ return(load_relation(declared)) }}
{% endmacro %}


{#- Stops the run where a file cannot be read to its end. On DuckDB: the reader that finds
    the columns by itself does not say which file it failed on, and may take short lines
    for notes above the header; so each CSV file is first read with as many columns as its
    header names, which fails with the file and the line. BigQuery read them when loading. -#}
{% macro check_raw_files(table) %}
    {{- return(adapter.dispatch('check_raw_files')(table)) -}}
{% endmacro %}

{% macro default__check_raw_files(table) %}
{% endmacro %}

{% macro duckdb__check_raw_files(table) %}
    {%- set pattern = raw_folder() ~ '/' ~ table ~ '/*.csv' -%}
    {%- for file in run_query("select file from glob('" ~ sql_text(pattern) ~ "')") -%}
        {%- set path = sql_text(file[0]) -%}
        {%- set header = run_query(
            "select 1 + length(regexp_replace(line, '\"([^\"]|\"\")*\"|[^,]', '', 'g')) "
            ~ "from read_csv('" ~ path ~ "', auto_detect = false, strict_mode = false, "
            ~ "header = false, delim = chr(1), quote = '', escape = '', "
            ~ "columns = {'line': 'VARCHAR'}) limit 1"
        ) -%}
        {%- set names = [] -%}
        {%- for number in range(header.rows[0][0] if header.rows else 0) -%}
            {%- do names.append("'" ~ number ~ "': 'VARCHAR'") -%}
        {%- endfor -%}
        {%- if names -%}
            {%- do run_query(
                "select count(*) from read_csv('" ~ path ~ "', auto_detect = false, "
                ~ "header = true, delim = ',', quote = '\"', escape = '\"', columns = {"
                ~ names | join(', ') ~ '})'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{#- Where the raw tables are, in words, for messages. -#}
{% macro raw_place(table) %}
    {{- return(adapter.dispatch('raw_place')(table)) -}}
{% endmacro %}

{% macro duckdb__raw_place(table) %}
    {{ return('the folder ' ~ raw_folder() ~ '/' ~ table ~ ' (FOOTFALL_RAW)') }}
{% endmacro %}

{% macro bigquery__raw_place(table) %}
    {{ return('the table ' ~ source('raw', table) ~ ' (variable raw_schema)') }}
{% endmacro %}


{#- How to get the demo's raw tables there, in words, for messages. -#}
{% macro demo_command() %}
    {{- return(adapter.dispatch('demo_command')()) -}}
{% endmacro %}

{% macro duckdb__demo_command() %}
    {{ return('run `make demo` to make the demo data') }}
{% endmacro %}

{% macro bigquery__demo_command() %}
    {{ return('load the demo with `make load-emulator` or `make load-bigquery`') }}
{% endmacro %}


{#- Stands in for dbt's own on DuckDB, where a raw table is files and no relation. -#}
{% macro duckdb__collect_freshness(source, loaded_at_field, filter) %}
    {%- set times -%}
        select try_cast({{ loaded_at_field }} as timestamp) as {{ loaded_at_field }}
        from {{ raw_relation(source.identifier) }}
    {%- endset -%}
    {%- call statement('collect_freshness', fetch_result=true) -%}
        select
            max({{ loaded_at_field }}) as max_loaded_at,
            timezone('UTC', now()) as snapshotted_at
        from ({{ times }}) as times
        {{ 'where ' ~ filter if filter }}
    {%- endcall -%}
    {{ return(load_result('collect_freshness')) }}
{% endmacro %}


{#- The columns that were delivered: a dictionary of lower-case name to type. -#}
{% macro raw_columns(relation) %}
    {{- return(adapter.dispatch('raw_columns')(relation)) -}}
{% endmacro %}

{% macro duckdb__raw_columns(relation) %}
    {%- set columns = {} -%}
    {%- for row in run_query('describe select * from ' ~ relation) -%}
        {%- do columns.update({row[0] | lower: row[1]}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}

{% macro bigquery__raw_columns(relation) %}
    {%- set columns = {} -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do columns.update({column.name | lower: column.data_type}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}


{#- One delivered column in its declared type: `string`, `timestamp`, `bigint`, `numeric`,
    `boolean`. What does not fit the type becomes null; an empty text is null, and so is
    the word by which an export says null. -#}
{% macro cast_delivered(column, delivered_type, declared_type) %}
    {{- return(adapter.dispatch('cast_delivered')(column, delivered_type, declared_type)) -}}
{% endmacro %}

{% macro duckdb__cast_delivered(column, delivered_type, declared_type) -%}
    {%- if declared_type == 'timestamp' -%}
        {%- if delivered_type == 'TIMESTAMP WITH TIME ZONE' -%}
            {{ in_calendar("timezone('UTC', " ~ column ~ ")") }}
        {%- elif delivered_type.startswith('TIMESTAMP') -%}
            {{ in_calendar('cast(' ~ column ~ ' as timestamp)') }}
        {%- elif delivered_type in ('VARCHAR', 'DATE') -%}
            {{ in_calendar(parse_timestamp('cast(' ~ column ~ ' as varchar)')) }}
        {%- else -%} {{ epoch_timestamp(column) }}
        {%- endif -%}
    {%- elif declared_type == 'numeric' -%} {{ as_decimal(column) }}
    {%- elif declared_type == 'string' -%}
        {%- if delivered_type.startswith('STRUCT') or delivered_type.startswith('MAP') -%}
            cast(to_json({{ column }}) as varchar)
        {%- elif delivered_type == 'VARCHAR' -%} {{ null_texts_are_null(column) }}
        {%- elif delivered_type in ('DOUBLE', 'FLOAT') -%}
            {#- A whole number is written without a point, as BigQuery writes it. -#}
            case
                when {{ column }} = trunc({{ column }}) and abs({{ column }}) < 9007199254740992
                    then cast(cast({{ column }} as bigint) as varchar)
                else cast({{ column }} as varchar)
            end
        {%- else -%} nullif(cast({{ column }} as varchar), '')
        {%- endif -%}
    {%- else -%} try_cast({{ column }} as {{ declared_type }})
    {%- endif -%}
{%- endmacro %}

{#- A text, null where it is empty or NULL or \N, by which exports say null. -#}
{% macro null_texts_are_null(text) -%}
    case
        when
            {{ text }} != ''
            and {{ text }} != 'NULL'
            and {{ text }} != {{ text_literal('\\N') }}
            then {{ text }}
    end
{%- endmacro %}

{#- DuckDB knows years that BigQuery, and arithmetic in microseconds, do not: they are
    clocks gone mad, and become null. -#}
{% macro in_calendar(timestamp) -%}
    case
        when
            {{ timestamp }} between timestamp '0001-01-01' and timestamp '9999-12-31 23:59:59.999999'
            then {{ timestamp }}
    end
{%- endmacro %}

{% macro bigquery__cast_delivered(column, delivered_type, declared_type) -%}
    {%- if declared_type == 'timestamp' -%}
        {%- if delivered_type == 'TIMESTAMP' -%} {{ column }}
        {%- elif delivered_type == 'DATETIME' -%} timestamp({{ column }}, 'UTC')
        {%- elif delivered_type in ('STRING', 'DATE') -%}
            {{ parse_timestamp('cast(' ~ column ~ ' as string)') }}
        {%- else -%} {{ epoch_timestamp(column) }}
        {%- endif -%}
    {%- elif declared_type == 'numeric' -%} {{ as_decimal(column) }}
    {%- elif declared_type == 'string' -%}
        {%- if delivered_type == 'JSON' -%} to_json_string({{ column }})
        {%- elif delivered_type == 'STRING' -%} {{ null_texts_are_null(column) }}
        {%- else -%} nullif(cast({{ column }} as string), '')
        {%- endif -%}
    {%- else -%} safe_cast({{ column }} as {{ declared_type }})
    {%- endif -%}
{%- endmacro %}


{#- True where a delivered timestamp is none that `in_calendar` keeps, null among them. -#}
{% macro not_in_calendar(timestamp) %}
    {{- return(adapter.dispatch('not_in_calendar')(timestamp)) -}}
{% endmacro %}

{% macro duckdb__not_in_calendar(timestamp) -%}
    {{ in_calendar(timestamp) }} is null
{%- endmacro %}

{% macro bigquery__not_in_calendar(timestamp) -%}
    {{ timestamp }} is null
{%- endmacro %}


{#- A delivered column as it came, as text; null where it came as a timestamp, which is
    kept as such. -#}
{% macro delivered_text(column, delivered_type) -%}
    {%- if delivered_type in ('VARCHAR', 'STRING') -%} {{ column }}
    {%- elif not delivered_type or delivered_type.startswith('TIMESTAMP')
        or delivered_type == 'DATETIME' -%}
        cast(null as string)
    {%- else -%} cast({{ column }} as string)
    {%- endif -%}
{%- endmacro %}


{#- A delivered column as it came, where it came as a timestamp; else null. A condition on
    it lets an engine skip files and partitions, which one on a cast does not. -#}
{% macro delivered_timestamp(column, delivered_type) -%}
    {{ column if (delivered_type or '').startswith('TIMESTAMP') else 'cast(null as timestamp)' }}
{%- endmacro %}


{#- DuckDB only: the raw folder; a relative one is seen from the project's root, where dbt
    runs. -#}
{% macro raw_folder() %}
    {{ return(env_var('FOOTFALL_RAW', 'demo/data/raw').rstrip('/')) }}
{% endmacro %}

{% macro glob_count(pattern) %}
    {%- set found = run_query("select count(*) from glob('" ~ sql_text(pattern) ~ "')") -%}
    {{ return(found.rows[0][0]) }}
{% endmacro %}

{% macro sql_text(text) %}
    {{ return(text | replace("'", "''")) }}
{% endmacro %}
