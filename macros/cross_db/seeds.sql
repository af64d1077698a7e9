{#- Stops the run, before any table is touched, where the file of a definition is not what
    its YAML describes: with the file, the line and what to do. DuckDB reads the files for
    it; on BigQuery, where nothing in a run reads a file but dbt itself, dbt's words stand. -#}
{% macro check_definition_files() %}
    {{- return(adapter.dispatch('check_definition_files')()) -}}
{% endmacro %}

{% macro default__check_definition_files() %}
{% endmacro %}

{% macro duckdb__check_definition_files() %}
    {%- if execute and flags.WHICH in ('build', 'seed', 'run', 'test') -%}
        {%- for seed in graph.nodes.values()
            if seed.resource_type == 'seed' and seed.package_name == 'footfall' -%}
            {%- set problem = problem_of_definition(seed, path_of_seed(seed)) -%}
            {%- if problem -%}
                {{ exceptions.raise_compiler_error(
                    path_of_seed(seed) ~ problem ~ " No table was touched."
                ) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#- Where the file of a seed lies, from the folder that dbt runs in: where the project is a
    package of another one, among its packages. -#}
{% macro path_of_seed(seed) %}
    {%- set is_package = seed.package_name != project_name -%}
    {{ return(
        ('dbt_packages/' ~ seed.package_name ~ '/' if is_package else '')
        ~ seed.original_file_path
    ) }}
{% endmacro %}


{#- What is wrong with a file, as the rest of a sentence that begins with its name; an empty
    text where nothing is. -#}
{% macro problem_of_definition(seed, path) %}
    {%- set rows = run_query(
        "select size, hex(content[:2]), instr(hex(content[:100]), '00') % 2, "
        ~ "try(decode(content)) from read_blob('" ~ sql_text(path) ~ "')"
    ).rows -%}
    {%- set header = seed.columns.keys() | join(',') -%}
    {%- if not rows -%}
        {{ return(" cannot be found; take it back from version control.") }}
    {%- endif -%}
    {%- set text = rows[0][3] -%}
    {%- if rows[0][0] | int == 0 or (text is not none and not text.strip('\ufeff \r\n\t')) -%}
        {{ return(" is empty: it needs at least its header, `" ~ header ~ "`.") }}
    {%- elif rows[0][1] in ('FFFE', 'FEFF') or rows[0][2] | int == 1 -%}
        {{ return(" is written in UTF-16; save it as CSV in UTF-8.") }}
    {%- elif text is none -%}
        {{ return(
            " holds characters that are not UTF-8, as in Latin-1 or Windows-1252; save it "
            ~ "as CSV in UTF-8."
        ) }}
    {%- endif -%}

    {%- set text = text.lstrip('\ufeff') -%}
    {%- if is_well_formed(seed, text) -%} {{ return('') }} {%- endif -%}
    {%- set names = [] -%}
    {%- for record in csv_records(text) -%}
        {%- set line, values, is_open = record -%}
        {%- if is_open -%}
            {{ return(
                ", line " ~ line ~ ": a quote is opened and not closed; close it, and write "
                ~ "a quote inside a text twice."
            ) }}
        {%- elif not names -%}
            {%- for value in values -%} {%- do names.append(value.strip() | lower) -%} {%- endfor -%}
            {%- set problem = problem_of_header(seed, names) -%}
            {%- if problem -%} {{ return(", line " ~ line ~ ": " ~ problem) }} {%- endif -%}
        {%- elif values != [''] -%}
            {%- set problem = problem_of_row(seed, names, values) -%}
            {%- if problem -%} {{ return(", line " ~ line ~ ": " ~ problem) }} {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return('') }}
{% endmacro %}


{#- True where a whole file matches the header and the types of its columns, which one
    pattern tells; only a file that does not is read field by field, to say where. -#}
{% macro is_well_formed(seed, text) %}
    {%- set names = [] -%}
    {%- for value in text.split('\n')[0].split(',') -%}
        {%- do names.append(value.strip() | lower) -%}
    {%- endfor -%}
    {%- if problem_of_header(seed, names) -%} {{ return(false) }} {%- endif -%}
    {%- set fields = [] -%}
    {%- for name in names -%}
        {%- do fields.append({
            'int64': '[ \t]*(?:[+-]?[0-9]{1,18})?[ \t]*',
            'bigint': '[ \t]*(?:[+-]?[0-9]{1,18})?[ \t]*',
            'boolean': '[ \t]*(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])?[ \t]*',
        }.get(seed.config.column_types.get(name), '(?:"(?:[^"]|"")*"[ \t]*|[^",\r\n]*)')) -%}
    {%- endfor -%}
    {%- set line = fields | join(',') ~ '(?:\r?\n|\\Z)' -%}
    {{ return(modules.re.fullmatch(
        '[^\n]*(?:\n|\\Z)(?:' ~ line ~ '|\r?\n)*', text
    ) is not none) }}
{% endmacro %}


{% macro problem_of_header(seed, names) %}
    {%- set header = seed.columns.keys() | list -%}
    {%- for separator, word in {';': 'semicolons', '\t': 'tabs', '|': 'bars'}.items() -%}
        {%- if names | length == 1 and separator in names[0] -%}
            {{ return("values are separated by " ~ word ~ "; save the file with commas.") }}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in names -%}
        {%- if names.count(name) > 1 -%}
            {{ return("the column " ~ name ~ " is there twice; remove one of them.") }}
        {%- elif name not in header -%}
            {%- set nearest = run_query(
                "select name from (select unnest(['" ~ header | join("', '")
                ~ "']) as name) as names order by not suffix(name, '_" ~ sql_text(name)
                ~ "'), levenshtein(name, '" ~ sql_text(name) ~ "') limit 1"
            ).rows[0][0] -%}
            {{ return(
                "there is no column " ~ (name or '(without a name)') ~ "; the nearest is "
                ~ nearest ~ ". The header is `" ~ header | join(',') ~ "`."
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {%- for test in graph.nodes.values()
        if test.resource_type == 'test' and test.attached_node == seed.unique_id
        and (test.test_metadata or {}).get('name') == 'not_null'
        and test.column_name not in names -%}
        {{ return(
            "the column " ~ test.column_name ~ " is missing. The header is `"
            ~ header | join(',') ~ "`."
        ) }}
    {%- endfor -%}
    {{ return('') }}
{% endmacro %}


{% macro problem_of_row(seed, names, values) %}
    {%- if values | length != names | length -%}
        {{ return(
            values | length ~ " values stand under " ~ names | length ~ " columns; "
            ~ "add the comma that is missing, or remove the one too many: a text with a "
            ~ "comma in it stands in quotes."
        ) }}
    {%- endif -%}
    {%- for name in names -%}
        {%- set value, type = values[loop.index0].strip(), seed.config.column_types.get(name) -%}
        {%- if value and type in ('int64', 'bigint')
            and not modules.re.fullmatch('[+-]?[0-9]{1,18}', value) -%}
            {{ return(name ~ " is `" ~ value ~ "`; give a whole number.") }}
        {%- elif value and type == 'boolean' and value | lower not in ('true', 'false') -%}
            {{ return(name ~ " is `" ~ value ~ "`; give true or false.") }}
        {%- endif -%}
    {%- endfor -%}
    {{ return('') }}
{% endmacro %}


{#- The records of a CSV text: lists of the line that a record begins on, its values, and
    whether it opens a quote that nothing closes. -#}
{% macro csv_records(text) %}
    {%- set records, values = [], [] -%}
    {%- set at = namespace(line=1, start=1, open=false) -%}
    {%- for field in modules.re.finditer(
        '(?:"((?:[^"]|"")*)"[ \t]*(?=,|\r?\n|\\Z)|("?)([^,\n]*?))(,|\r?\n|\\Z)', text
    ) if field.start() < text | length -%}
        {%- set quoted, quote, plain, end = field.groups() -%}
        {%- do values.append(quoted if quoted is not none else plain) -%}
        {%- if quote -%} {%- set at.open = true -%} {%- endif -%}
        {%- set at.line = at.line + field.group(0).count('\n') -%}
        {%- if end != ',' -%}
            {%- do records.append((at.start, values.copy(), at.open)) -%}
            {%- do values.clear() -%}
            {%- set at.start = at.line -%}
            {%- set at.open = false -%}
        {%- elif field.end() == text | length -%}
            {%- do records.append((at.start, values + [''], at.open)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(records) }}
{% endmacro %}


{#- Stands in for dbt's own on DuckDB, which empties a table that is there and copies the
    file into it by position: the table is made by the header of the file instead. -#}
{% macro duckdb__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {%- do adapter.drop_relation(old_relation) -%}
    {{ return(create_csv_table(model, agate_table)) }}
{% endmacro %}

{#- Stands in for dbt's own on DuckDB, which lets the reader guess how the file is written,
    and which looks in the folder where dbt first read the project, moved since or not. -#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {%- set columns = [] -%}
    {%- for name in agate_table.column_names -%}
        {%- do columns.append("'" ~ sql_text(name) ~ "': 'VARCHAR'") -%}
    {%- endfor -%}
    {%- set sql -%}
        insert into {{ this.render() }} ({{ agate_table.column_names | join(', ') }})
        select * from read_csv(
            '{{ sql_text(path_of_seed(model)) }}', auto_detect = false,
            header = true, delim = ',', quote = '"', escape = '"',
            columns = { {{- columns | join(', ') -}} }
        )
    {%- endset -%}
    {%- do adapter.add_query(sql, abridge_sql_log=true) -%}
    {{ return(sql) }}
{% endmacro %}
