{#- The raw tables as each engine finds them: files in the folder FOOTFALL_RAW on DuckDB,
    tables of the dataset raw_schema on BigQuery. -#}

{#- The files of one raw table as one relation, or none where the folder has no such table.
    Columns that only some of the files have are filled with nulls in the others. CSV and
    JSON are read as text; the casts come later, where they are counted. -#}
{% macro raw_relation(table) %}
    {{- return(adapter.dispatch('raw_relation')(table)) -}}
{% endmacro %}

{% macro duckdb__raw_relation(table) %}
    {{ return(relation_of_files(table, raw_files(table))) }}
{% endmacro %}

{#- Files by kind as one relation; none where there are none. -#}
{% macro relation_of_files(table, kinds) %}
    {%- set readers = [] -%}
    {%- for kind, files in kinds.items() if kind != 'other' and files -%}
        {%- set reader = file_reader(table, kind, files) -%}
        {%- do readers.append(reader) if reader -%}
    {%- endfor -%}
    {%- if not readers -%} {{ return(none) }} {%- endif -%}
    {%- if readers | length == 1 -%} {{ return(readers[0]) }} {%- endif -%}
    {{ return(
        '(select * from ' ~ readers | join(' union all by name select * from ')
        ~ ') as raw_files'
    ) }}
{% endmacro %}

{#- A folder such as dt=2026-03-01 is a place and no column: `hive_partitioning` is off. -#}
{% macro file_reader(table, kind, files) %}
    {%- set settings = "(" ~ file_paths(files) ~ ", hive_partitioning = false, " -%}
    {%- if kind == 'parquet' -%}
        {{ return("read_parquet" ~ settings ~ "union_by_name = true)") }}
    {%- endif -%}
    {%- set settings = settings ~ "compression = '"
        ~ ('gzip' if kind.endswith('.gz') else 'uncompressed') ~ "', " -%}
    {%- if kind.startswith('csv') -%}
        {{ return("read_csv" ~ settings ~ "union_by_name = true, header = true, "
            ~ "all_varchar = true, delim = ',', quote = '\"', escape = '\"')") }}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- for row in run_query(
        "select distinct unnest(json_keys(json)) from read_json_objects"
        ~ settings.rstrip(', ') ~ ") order by 1"
    ) -%}
        {%- do columns.append("'" ~ sql_text(row[0]) ~ "': 'VARCHAR'") -%}
    {%- endfor -%}
    {#- Files without a line name no column. -#}
    {%- if not columns -%} {{ return(none) }} {%- endif -%}
    {{ return("read_json" ~ settings ~ "columns = {" ~ columns | join(', ') ~ "})") }}
{% endmacro %}

{#- A path for a reader that takes paths for patterns: this file and no other. -#}
{% macro literal_path(path) %}
    {{ return(modules.re.sub('[\\[*?]', '[\\g<0>]', path)) }}
{% endmacro %}

{#- The files in the folder of a raw table and in its subfolders, by kind; `other` are those
    that are not read. A file or folder whose name begins with a point or an underscore is a
    tool's own. -#}
{% macro raw_files(table) %}
    {%- set kinds = {
        'parquet': [], 'csv': [], 'csv.gz': [], 'json': [], 'json.gz': [], 'other': []
    } -%}
    {%- for row in run_query(
        "select file from glob('" ~ sql_text(literal_path(raw_folder() ~ '/' ~ table))
        ~ "/**') order by file"
    ) if not modules.re.search(
        '/[._]', row[0][(raw_folder() ~ '/' ~ table) | length:].replace('\\', '/')
    ) -%}
        {%- set found = modules.re.search(
            '[.](parquet|csv|json|jsonl|ndjson)([.]gz)?$',
            modules.re.sub('[.]parquet[.](zst|gz|br|lz4|sz|snappy)$', '.parquet', row[0] | lower)
        ) -%}
        {%- set kind = (
            (found[1].replace('jsonl', 'json').replace('ndjson', 'json') ~ (found[2] or ''))
            if found else 'other'
        ) -%}
        {%- do kinds[kind if kind in kinds else 'other'].append(row[0]) -%}
    {%- endfor -%}
    {{ return(kinds) }}
{% endmacro %}

{% macro bigquery__raw_relation(table) %}
    {%- set declared = source('raw', table) -%}
    {{ return(load_relation(declared)) }}
{% endmacro %}


{#- Stops the run where a file cannot be read to its end. On DuckDB each CSV file is first
    read with as many columns as its header names: the reader that finds the columns by
    itself may take short lines for notes above the header. BigQuery read them when they
    were loaded. -#}
{% macro check_raw_files(table) %}
    {{- return(adapter.dispatch('check_raw_files')(table)) -}}
{% endmacro %}

{% macro default__check_raw_files(table) %}
{% endmacro %}

{% macro duckdb__check_raw_files(table) %}
    {%- set kinds = raw_files(table) -%}
    {%- for kind in ('csv', 'csv.gz') -%}
        {%- for file in kinds[kind] -%}
            {%- set problem = problem_of_csv(
                sql_text(literal_path(file)), 'gzip' if kind == 'csv.gz' else 'uncompressed'
            ) -%}
            {%- if problem -%}
                {{ exceptions.raise_compiler_error(file ~ problem ~ " No table was touched.") }}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}

{#- Lines that are not UTF-8 are set aside: the second reading names the first of them, the
    header among the others. -#}
{% macro problem_of_csv(path, compression) %}
    {%- set set_aside = "store_rejects = true, rejects_table = 'raw_rejects', "
        ~ "rejects_scan = 'raw_reject_scans', rejects_limit = 1, compression = '"
        ~ compression ~ "'" -%}
    {%- set header = run_query(
        "select line from read_csv('" ~ path ~ "', auto_detect = false, strict_mode = false, "
        ~ "header = false, delim = chr(1), quote = '', escape = '', "
        ~ "columns = {'line': 'VARCHAR'}, " ~ set_aside ~ ") limit 1"
    ).rows -%}
    {%- do drop_raw_rejects() -%}
    {%- if not header -%}
        {{ return(" is empty, without even a header: export it again, or remove it.") }}
    {%- endif -%}
    {%- set line = header[0][0] or '' -%}
    {%- if '\x00' in line -%}
        {{ return(" is written in UTF-16; export it in UTF-8.") }}
    {%- endif -%}
    {%- set count = 1 + modules.re.sub('"([^"]|"")*"|[^,]', '', line) | length -%}
    {%- for separator, word in {';': 'semicolons', '\t': 'tabs', '|': 'bars'}.items() -%}
        {%- if count == 1 and separator in line -%}
            {{ return(
                ", line 1: values are separated by " ~ word ~ "; export it with commas."
            ) }}
        {%- endif -%}
    {%- endfor -%}

    {%- set columns, counted = [], [] -%}
    {%- for number in range(count) -%}
        {%- do columns.append("'" ~ number ~ "': 'VARCHAR'") -%}
        {%- do counted.append('count("' ~ number ~ '")') -%}
    {%- endfor -%}
    {%- do run_query(
        "select " ~ counted | join(', ') ~ " from read_csv('" ~ path
        ~ "', auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"', "
        ~ "columns = {" ~ columns | join(', ') ~ "}, " ~ set_aside ~ ")"
    ) -%}
    {%- set found = run_query(
        'select line, cast(error_type as varchar), error_message from raw_rejects'
    ).rows -%}
    {%- do drop_raw_rejects() -%}
    {%- if not found -%} {{ return('') }} {%- endif -%}
    {%- set comma = " The header names " ~ count ~ " columns; a text with a comma in it "
        ~ "stands in quotes." -%}
    {{ return(", line " ~ found[0][0] ~ ": " ~ {
        'MISSING COLUMNS': 'a comma is missing, or the file was cut off.' ~ comma,
        'TOO MANY COLUMNS': 'there is a comma too many.' ~ comma,
        'UNQUOTED VALUE': 'a quote is opened and not closed, or text follows a closed one; '
            ~ 'a quote inside a text is written twice.',
        'INVALID ENCODING': 'there are characters that are not UTF-8, as in Latin-1 or '
            ~ 'Windows-1252; export it in UTF-8.',
    }.get(found[0][1], found[0][2] ~ '; export it again.')) }}
{% endmacro %}


{% macro drop_raw_rejects() %}
    {%- do run_query('drop table raw_rejects') -%}
    {%- do run_query('drop table raw_reject_scans') -%}
{% endmacro %}


{#- A warning for each raw table whose folder holds files that are not read. -#}
{% macro warn_of_other_files() %}
    {{- return(adapter.dispatch('warn_of_other_files')()) -}}
{% endmacro %}

{% macro default__warn_of_other_files() %}
{% endmacro %}

{% macro duckdb__warn_of_other_files() %}
    {%- set names = exports().keys() | list -%}
    {%- for table in graph.sources.values() if table.source_name == 'raw' -%}
        {%- do names.append(table.name) -%}
    {%- endfor -%}
    {%- for name in names -%}
        {%- set kinds = raw_files(name) -%}
        {#- Nested columns are read from Parquet alone. -#}
        {%- set is_nested = name in exports() and is_sharded(name) -%}
        {%- set others = (kinds.values() | sum(start=[]) | reject('in', kinds.parquet) | list)
            if is_nested else kinds.other -%}
        {%- if others -%}
            {%- do exceptions.warn(
                others[:5] | join(', ') ~ (', …' if others | length > 5)
                ~ (' is' if others | length == 1 else ' are') ~ ' not read: '
                ~ ('this export is read from .parquet. ' if is_nested else 'raw files end in '
                    ~ '.parquet, .csv, .csv.gz, .json, .jsonl or .ndjson, the last three also '
                    ~ 'with .gz. ')
                ~ 'Export it again as one of these, or take it out of '
                ~ raw_place(name) ~ '.'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{#- A warning for each raw file that lacks a column which every row needs, while other files
    have it. A line of JSON may leave out an id that is null. -#}
{% macro warn_of_lacking_files() %}
    {{- return(adapter.dispatch('warn_of_lacking_files')()) -}}
{% endmacro %}

{% macro default__warn_of_lacking_files() %}
{% endmacro %}

{% macro duckdb__warn_of_lacking_files() %}
    {%- for table in graph.sources.values() if table.source_name == 'raw' -%}
        {%- for file, names in columns_by_file(table.name).items() -%}
            {%- for name, column in table.columns.items()
                if column.meta.get('required') and name not in names
                and not (column.meta.get('id_of') == 'person' and 'user_id' in names) -%}
                {%- set nearest = run_query(
                    "select name from (select unnest(string_split('"
                    ~ sql_text(names | join('\n')) ~ "', chr(10))) as name) as names "
                    ~ "order by levenshtein(name, '" ~ name ~ "'), name limit 1"
                ).rows[0][0] -%}
                {%- do exceptions.warn(
                    file ~ ' has no column ' ~ name ~ ', as other files of the raw table '
                    ~ table.name ~ ' have: it is null in every row of this one. The nearest '
                    ~ 'that it has is ' ~ nearest ~ '; rename it there if that is meant.'
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}

{#- The columns of each file of a raw table, in lower case. -#}
{% macro columns_by_file(table) %}
    {%- set columns = {} -%}
    {%- for kind, files in raw_files(table).items() if kind != 'other' and files -%}
        {%- if kind.startswith('csv') -%}
            {%- for file in files -%}
                {%- do columns.update({
                    file: raw_columns(file_reader(table, kind, [file])).keys() | list
                }) -%}
            {%- endfor -%}
        {%- else -%}
            {%- for row in run_query(
                'select file, string_agg(distinct lower(name), chr(10)) from '
                ~ names_by_file(kind, files) ~ ' group by file order by file'
            ) -%}
                {%- do columns.update({row[0]: row[1].split('\n')}) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}

{% macro names_by_file(kind, files) %}
    {%- set paths = file_paths(files) -%}
    {%- if kind == 'parquet' -%}
        {{ return('(select file_name as file, name from parquet_schema(' ~ paths ~ ')) as names') }}
    {%- endif -%}
    {{ return(
        '(select filename as file, unnest(json_keys(json)) as name from read_json_objects('
        ~ paths ~ ", filename = true, compression = '"
        ~ ('gzip' if kind.endswith('.gz') else 'uncompressed') ~ "')) as names"
    ) }}
{% endmacro %}

{#- Files as a list of texts, each of which means itself. -#}
{% macro file_paths(files) %}
    {%- set paths = [] -%}
    {%- for file in files -%}
        {%- do paths.append("'" ~ sql_text(literal_path(file)) ~ "'") -%}
    {%- endfor -%}
    {{ return('[' ~ paths | join(', ') ~ ']') }}
{% endmacro %}


{#- Where the raw tables are, in words, for messages. -#}
{% macro raw_place(table) %}
    {{- return(adapter.dispatch('raw_place')(table)) -}}
{% endmacro %}

{% macro duckdb__raw_place(table) %}
    {{ return('the folder ' ~ raw_folder() ~ '/' ~ table ~ ' (FOOTFALL_RAW)') }}
{% endmacro %}

{% macro bigquery__raw_place(table) %}
    {#- No source(): a message is no reading, and a unit test knows no source. -#}
    {%- set place = api.Relation.create(
        database=target.database, schema=var('raw_schema'), identifier=table
    ) -%}
    {{ return('the table ' ~ place ~ ' (variable raw_schema)') }}
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
        {%- set relation = raw_relation(source.identifier) %}
        select
            {{ cast_delivered(
                loaded_at_field, raw_columns(relation)[loaded_at_field], 'timestamp'
            ) }} as {{ loaded_at_field }}
        from {{ relation }}
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

{% macro sql_text(text) %}
    {{ return(text | replace("'", "''")) }}
{% endmacro %}
