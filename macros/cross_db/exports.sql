{#- Exports of trackers as each engine finds them: files in a folder below FOOTFALL_RAW on
    DuckDB, tables of a dataset that tracker_datasets names on BigQuery; and the nested columns
    that some of them have. -#}

{#- A tracker's export as one relation; none where there is none. Of a sharded one, the tables
    that count. -#}
{% macro export_relation(tracker) %}
    {%- set known, key = found_out(), 'export of ' ~ tracker -%}
    {%- if key in known -%}
        {{ return(known[key]) }}
    {%- endif -%}
    {%- if is_by_call(tracker) -%}
        {%- do known.update({
            key: '(' ~ calls_of_tables(tracker) ~ ') as calls' if export_tables(tracker) else none
        }) -%}
    {%- else -%}
        {%- do known.update({key: adapter.dispatch('export_relation')(tracker)}) -%}
    {%- endif -%}
    {{ return(known[key]) }}
{% endmacro %}

{% macro duckdb__export_relation(tracker) %}
    {%- set kinds = raw_files(tracker) -%}
    {%- if is_sharded(tracker) -%}
        {%- set kinds = {'parquet': shards_that_count(kinds.parquet)} -%}
    {%- endif -%}
    {%- set relation = relation_of_files(tracker, kinds) -%}
    {%- if not relation and (kinds.values() | sum(start=[])) -%}
        {{ return('(select 1 as nothing where false) as empty_files') }}
    {%- endif -%}
    {{ return(relation) }}
{% endmacro %}

{% macro bigquery__export_relation(tracker) %}
    {%- if tracker not in var('tracker_datasets') -%} {{ return(none) }} {%- endif -%}
    {%- set relation = export_table(tracker, export_declaration(tracker).identifier) -%}
    {%- if not is_sharded(tracker) -%}
        {{ return(relation.render() if load_relation(relation) else none) }}
    {%- endif -%}
    {%- set shards = shards_of_dataset(tracker) -%}
    {%- if not shards -%} {{ return(none) }} {%- endif -%}
    {{ return(
        '(select *, _table_suffix as shard_suffix from ' ~ relation ~ ' where _table_suffix in ('
        ~ "'" ~ shards | join("', '") ~ "')) as shards"
    ) }}
{% endmacro %}

{#- BigQuery: the suffixes of the day tables of an export that count. -#}
{% macro shards_of_dataset(tracker) %}
    {%- set known, key = found_out(), 'shards of ' ~ tracker -%}
    {%- if key not in known -%}
        {%- do known.update({key: shards_that_count(run_query(
            "select substr(table_name, 8) from " ~ dataset_of(tracker)
            ~ ".INFORMATION_SCHEMA.PARTITIONS where starts_with(table_name, 'events_')"
        ).columns[0].values() | list)}) -%}
    {%- endif -%}
    {{ return(known[key]) }}
{% endmacro %}

{#- The tables of an export of a table for each event: a dictionary of name to `relation` and
    `columns`, which are lower-case names to types. -#}
{% macro export_tables(tracker) %}
    {%- set known, key = found_out(), 'tables of ' ~ tracker -%}
    {%- if key not in known -%}
        {%- do known.update({key: adapter.dispatch('export_tables')(tracker)}) -%}
    {%- endif -%}
    {{ return(known[key]) }}
{% endmacro %}

{#- A folder is a table. Where one of the files in a folder is named as a table of calls is,
    and at the top, each file is a table. -#}
{% macro duckdb__export_tables(tracker) %}
    {%- set top = raw_folder() ~ '/' ~ tracker -%}
    {%- set calls = export_declaration(tracker).config.meta.calls_by_table -%}
    {%- set files, folders_of_tables = [], [''] -%}
    {%- for kind, paths in raw_files(tracker).items() if kind != 'other' -%}
        {%- for path in paths -%}
            {%- set parts = path[top | length + 1:].replace('\\', '/').split('/') -%}
            {%- set folder, stem = parts[:-1] | join('/'), parts[-1].split('.')[0] -%}
            {%- do files.append([kind, path, folder, stem | lower]) -%}
            {%- do folders_of_tables.append(folder) if stem | lower in calls -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set kinds_by_table, tables = {}, {} -%}
    {%- for kind, path, folder, stem in files -%}
        {%- set name = (folder ~ '/' ~ stem).lstrip('/')
            if folder in folders_of_tables else folder | lower -%}
        {%- do kinds_by_table.setdefault(name, {}).setdefault(kind, []).append(path) -%}
    {%- endfor -%}
    {%- for name, kinds in kinds_by_table.items() | sort -%}
        {%- set relation = relation_of_files(name, kinds) -%}
        {%- if relation -%}
            {%- do tables.update({
                name: {'relation': relation, 'columns': raw_columns(relation)}
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(tables) }}
{% endmacro %}

{#- Segment makes a view without copies of each table; Footfall knows copies itself. -#}
{% macro bigquery__export_tables(tracker) %}
    {%- set tables = {} -%}
    {%- if tracker in var('tracker_datasets') -%}
        {%- for name, column, type in run_query(
            'select table_name, column_name, data_type from ' ~ dataset_of(tracker)
            ~ '.INFORMATION_SCHEMA.COLUMNS order by table_name, ordinal_position'
        ) if not (name.endswith('_view') and name[:-5] in tables) -%}
            {%- do tables.setdefault(
                name, {'relation': export_table(tracker, name).render(), 'columns': {}}
            ).columns.update({column | lower: type}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(tables) }}
{% endmacro %}

{% macro dataset_of(tracker) %}
    {{ return('`' ~ target.database ~ '`.`' ~ var('tracker_datasets')[tracker] ~ '`') }}
{% endmacro %}

{#- Of files or tables named by a day those that count: of each day the daily one before
    `fresh_` and that before `intraday_`. One without a day in its name counts. -#}
{% macro shards_that_count(names) %}
    {%- set best, kept = {}, [] -%}
    {%- for name in names -%}
        {%- set found = modules.re.search(
            '(?:^|[^a-z0-9])(intraday_|fresh_)?([0-9]{8})[^/]*$', name.split('/')[-1]
        ) -%}
        {%- if not found -%}
            {%- do kept.append(name) -%}
        {%- else -%}
            {%- set rank = ['intraday_', 'fresh_', none].index(found[1]) -%}
            {%- if rank > best.get(found[2], [-1])[0] -%}
                {%- do best.update({found[2]: [rank, []]}) -%}
            {%- endif -%}
            {%- do best[found[2]][1].append(name) if rank == best[found[2]][0] -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for rank, names_of_day in best.values() -%}
        {%- do kept.extend(names_of_day) -%}
    {%- endfor -%}
    {{ return(kept | sort) }}
{% endmacro %}


{#- Where a tracker's export is, in words, for messages. -#}
{% macro export_place(tracker) %}
    {{- return(adapter.dispatch('export_place')(tracker)) -}}
{% endmacro %}

{% macro duckdb__export_place(tracker) %}
    {{ return(raw_place(tracker)) }}
{% endmacro %}

{% macro bigquery__export_place(tracker) %}
    {{ return('the dataset ' ~ dataset_of(tracker) ~ ' (variable tracker_datasets)') }}
{% endmacro %}


{#- The shard that a row lies in, for conditions that let an engine skip the others. -#}
{% macro shard_of_row() %}
    {{- return(adapter.dispatch('shard_of_row')()) -}}
{% endmacro %}

{% macro duckdb__shard_of_row() -%} event_date {%- endmacro %}

{% macro bigquery__shard_of_row() -%} shard_suffix {%- endmacro %}


{#- What a sharded export holds, as a dictionary of day to a number that is another after the
    day was written again. No row of the log is read for it. -#}
{% macro versions_of_shards(tracker) %}
    {{- return(adapter.dispatch('versions_of_shards')(tracker)) -}}
{% endmacro %}

{#- By the size and the time of the files that hold rows of the day. -#}
{% macro duckdb__versions_of_shards(tracker) %}
    {%- set paths = file_paths(shards_that_count(raw_files(tracker).parquet)) -%}
    {{ return(versions_by_day(
        "select days.event_date, cast(sum(hash(files.size, files.last_modified) % 1000000007) "
        ~ "as bigint) from (select distinct event_date, filename from read_parquet(" ~ paths
        ~ ", union_by_name = true, filename = true)) as days inner join (select filename, size, "
        ~ "last_modified from read_blob(" ~ paths ~ ")) as files "
        ~ "on days.filename = files.filename group by days.event_date"
    )) }}
{% endmacro %}

{#- By the rows and the last change that BigQuery notes of each table. -#}
{% macro bigquery__versions_of_shards(tracker) %}
    {{ return(versions_by_day(
        "select right(table_name, 8), sum(unix_micros(last_modified_time) + total_rows) from "
        ~ dataset_of(tracker) ~ ".INFORMATION_SCHEMA.PARTITIONS "
        ~ "where substr(table_name, 8) in ('"
        ~ shards_of_dataset(tracker) | join("', '") ~ "') group by 1"
    )) }}
{% endmacro %}

{% macro versions_by_day(query) %}
    {%- set versions = {} -%}
    {%- for day, version in run_query(query) -%}
        {%- do versions.update({
            modules.datetime.date(day[:4] | int, day[4:6] | int, day[6:] | int): version | int
        }) -%}
    {%- endfor -%}
    {{ return(versions) }}
{% endmacro %}


{#- The columns of an open export and the fields of those that are nested: a dictionary of name
    in lower case, with points, to type. The fields of a list stand for those of its elements. -#}
{% macro delivered_fields(tracker) %}
    {%- set known, key = found_out(), 'fields of ' ~ tracker -%}
    {%- if key in known -%}
        {{ return(known[key]) }}
    {%- endif -%}
    {%- set fields = {} -%}
    {%- if is_by_call(tracker) -%}
        {%- for table in export_tables(tracker) -%} {%- do fields.update({table: 'table'}) -%} {%- endfor -%}
    {%- else -%}
        {%- do fields.update(adapter.dispatch('delivered_fields')(tracker)) -%}
    {%- endif -%}
    {%- do known.update({key: fields}) -%}
    {{ return(fields) }}
{% endmacro %}

{% macro duckdb__delivered_fields(tracker) %}
    {%- set fields, waiting = {}, [['', 'select * from ' ~ export_relation(tracker)]] -%}
    {%- for turn in range(1000) if waiting -%}
        {%- set parent, query = waiting.pop() -%}
        {%- for row in run_query('describe ' ~ query) -%}
            {%- set name = parent ~ row[0] | lower -%}
            {%- do fields.update({name: row[1]}) -%}
            {%- set nested = 'select "' ~ row[0] ~ '" as nested from (' ~ query ~ ') as rows' -%}
            {%- if row[1].endswith('[]') -%}
                {%- set nested = 'select unnest(nested) as nested from (' ~ nested ~ ') as lists' -%}
            {%- endif -%}
            {%- if row[1].startswith('STRUCT') -%}
                {%- do waiting.append([
                    name ~ '.', 'select unnest(nested) from (' ~ nested ~ ') as structs'
                ]) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(fields) }}
{% endmacro %}

{#- Of day tables the newest one speaks for all, as in a query over them. -#}
{% macro bigquery__delivered_fields(tracker) %}
    {%- set newest = namespace(shard='') -%}
    {%- if is_sharded(tracker) -%}
        {%- for shard in shards_of_dataset(tracker) if shard[-8:] > newest.shard[-8:] -%}
            {%- set newest.shard = shard -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set table = export_table(
        tracker, export_declaration(tracker).identifier.replace('*', newest.shard)
    ) -%}
    {%- set fields, waiting = {}, [] -%}
    {%- for column in adapter.get_columns_in_relation(table) -%}
        {%- do fields.update({column.name | lower: column.data_type}) -%}
        {%- do waiting.append([column.name | lower ~ '.', column.fields]) -%}
    {%- endfor -%}
    {%- for turn in range(1000) if waiting -%}
        {%- set parent, children = waiting.pop() -%}
        {%- for field in children -%}
            {%- do fields.update({parent ~ field.name | lower: field.data_type}) -%}
            {%- do waiting.append([parent ~ field.name | lower ~ '.', field.fields]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(fields) }}
{% endmacro %}

{% macro export_table(tracker, name) %}
    {{ return(api.Relation.create(
        database=target.database, schema=var('tracker_datasets')[tracker], identifier=name
    )) }}
{% endmacro %}


{#- A list without elements, of the fields that are declared: names to types. -#}
{% macro empty_list(fields) %}
    {{- return(adapter.dispatch('empty_list')(fields)) -}}
{% endmacro %}

{% macro duckdb__empty_list(fields) -%}
    cast(null as {{ struct_type(fields, 'struct(', ')') }}[])
{%- endmacro %}

{% macro bigquery__empty_list(fields) -%}
    cast(null as array<{{ struct_type(fields, 'struct<', '>') | replace('double', 'float64') }}>)
{%- endmacro %}

{% macro struct_type(fields, opening, closing) -%}
    {%- set parts, inner = [], {} -%}
    {%- for name, type in fields.items() -%}
        {%- if '.' in name -%}
            {%- set parent = name.split('.')[0] -%}
            {%- do inner.setdefault(parent, {}).update({name[parent | length + 1:]: type}) -%}
        {%- else -%}
            {%- do parts.append(name ~ ' ' ~ type) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for parent, children in inner.items() -%}
        {%- do parts.append(parent ~ ' ' ~ struct_type(children, opening, closing)) -%}
    {%- endfor -%}
    {{ return(opening ~ parts | join(', ') ~ closing) }}
{%- endmacro %}


{#- The value of a parameter, in a list of keys with values in one of four fields, as text; of
    several of one key the first that has one. -#}
{% macro parameter(list, key) %}
    {{- return(adapter.dispatch('parameter')(list, key)) -}}
{% endmacro %}

{% macro duckdb__parameter(list, key) -%}
    list_transform(
        list_filter({{ list }}, lambda one: one.key = '{{ key }}'),
        lambda one: {{ parameter_value('one') }}
    )[1]
{%- endmacro %}

{% macro bigquery__parameter(list, key) -%}
    (
        select {{ parameter_value('one') }}
        from unnest({{ list }}) as one with offset as place
        where one.key = '{{ key }}'
        order by place
        limit 1
    )
{%- endmacro %}

{% macro parameter_value(one) -%}
    coalesce(
        cast({{ one }}.value.string_value as string),
        cast({{ one }}.value.int_value as string),
        {{ number_text(one ~ '.value.double_value') }},
        {{ number_text(one ~ '.value.float_value') }}
    )
{%- endmacro %}


{#- A number with decimals as text, a whole one without a point; null for null. -#}
{% macro number_text(number) -%}
    regexp_replace(cast({{ number }} as string), '[.]0$', '')
{%- endmacro %}


{#- A number of any kind as text, without zeros at its end; null for null. -#}
{% macro decimal_text(number) -%}
    {%- set text = 'cast(' ~ number ~ ' as string)' -%}
    case
        when {{ text }} like '%.%' and {{ text }} not like '%e%'
            then rtrim(rtrim({{ text }}, '0'), '.')
        else {{ text }}
    end
{%- endmacro %}


{#- A field of the first element of a list, as text; null where there is none. -#}
{% macro first_of_list(list, field) %}
    {{- return(adapter.dispatch('first_of_list')(list, field)) -}}
{% endmacro %}

{% macro duckdb__first_of_list(list, field) -%}
    cast({{ list }}[1].{{ field }} as string)
{%- endmacro %}

{% macro bigquery__first_of_list(list, field) -%}
    cast({{ list }}[safe_offset(0)].{{ field }} as string)
{%- endmacro %}


{#- Texts one after the other; null ones are left out, and of nothing else an empty text is
    left. (`||` would be null where one of them is.) -#}
{% macro joined_texts(texts, separator='') -%}
    coalesce(array_to_string([{{ texts | join(', ') }}], '{{ separator }}'), '')
{%- endmacro %}


{#- A JSON object, as text, of members that the macros below write; null ones are left out. -#}
{% macro json_of_members(members) -%}
    {{ joined_texts(["'{'", joined_texts(members, ','), "'}'"]) }}
{%- endmacro %}

{#- One member with a text as its value; null where that is null. -#}
{% macro json_member(key, text) -%}
    '"{{ key }}":' || {{ json_text(text) }}
{%- endmacro %}

{#- One member with the value of a column: a number or a truth value as such, else a text. -#}
{% macro json_member_of_column(name, type) -%}
    {%- set column = adapter.quote(name) -%}
    {%- set kind = type.split('(')[0] -%}
    {%- if kind in [
        'BIGINT', 'INTEGER', 'SMALLINT', 'HUGEINT', 'DOUBLE', 'FLOAT', 'DECIMAL', 'BOOLEAN',
        'INT64', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC', 'BOOL'
    ] -%}
        {{ json_member_around(name, '', decimal_text(column), '') }}
    {%- elif kind in ['STRUCT', 'MAP', 'JSON'] -%}
        {{ json_member_around(name, '', cast_delivered(column, type, 'string'), '') }}
    {%- else -%}
        {{ json_member(name, cast_delivered(column, type, 'string')) }}
    {%- endif -%}
{%- endmacro %}

{#- A text in quotes, as JSON writes it; null for null. -#}
{% macro json_text(text) %}
    {{- return(adapter.dispatch('json_text')(text)) -}}
{% endmacro %}

{% macro duckdb__json_text(text) -%}
    case when {{ text }} is not null then cast(to_json({{ text }}) as varchar) end
{%- endmacro %}

{% macro bigquery__json_text(text) -%}
    case when {{ text }} is not null then to_json_string({{ text }}) end
{%- endmacro %}

{#- The members of a list of keys and values but for some keys, one after the other, whole
    numbers and others as JSON writes them; null where the list holds none. -#}
{% macro json_members_of_parameters(list, omitted=[]) %}
    {{- return(adapter.dispatch('json_members_of_parameters')(list, omitted)) -}}
{% endmacro %}

{% macro duckdb__json_members_of_parameters(list, omitted=[]) -%}
    nullif(array_to_string(
        list_transform(
            list_filter({{ list }}, lambda one: {{ is_member('one', omitted) }}),
            lambda one: {{ parameter_member('one') }}
        ),
        ','
    ), '')
{%- endmacro %}

{% macro bigquery__json_members_of_parameters(list, omitted=[]) -%}
    nullif(array_to_string(array(
        select {{ parameter_member('one') }}
        from unnest({{ list }}) as one with offset as place
        where {{ is_member('one', omitted) }}
        order by place
    ), ','), '')
{%- endmacro %}

{#- True for an element that has a key, and none of some. -#}
{% macro is_member(one, omitted) -%}
    {{ one }}.key is not null
    {%- if omitted %} and {{ one }}.key not in ('{{ omitted | join("', '") }}') {%- endif -%}
{%- endmacro %}

{% macro parameter_member(one) -%}
    {{ joined_texts([
        json_text('cast(' ~ one ~ '.key as string)'),
        "coalesce(" ~ [
            json_text('cast(' ~ one ~ '.value.string_value as string)'),
            'cast(' ~ one ~ '.value.int_value as string)',
            number_text(one ~ '.value.double_value'),
            number_text(one ~ '.value.float_value'),
            "'null'",
        ] | join(', ') ~ ')',
    ], ':') }}
{%- endmacro %}

{#- The members of a JSON object that is a text, one after the other; null where it has none. -#}
{% macro json_members_of_object(json) -%}
    nullif({{ trimmed(regexp_replaced(
        json, '^[[:space:]]*[{]|[}][[:space:]]*$', ''
    )) }}, '')
{%- endmacro %}

{#- One member whose value is an object or a list, of its inner text; null where that is. -#}
{% macro json_member_around(key, opening, inner, closing) -%}
    '"{{ key }}":{{ opening }}' || {{ inner }} || '{{ closing }}'
{%- endmacro %}


{#- The elements of a list, each as an object with some of its fields as texts, one after the
    other; null where the list is empty. `fields` are names to types. -#}
{% macro json_objects_of_list(list, fields) %}
    {{- return(adapter.dispatch('json_objects_of_list')(list, fields)) -}}
{% endmacro %}

{% macro duckdb__json_objects_of_list(list, fields) -%}
    nullif(array_to_string(
        list_transform({{ list }}, lambda one: {{ json_of_fields('one', fields) }}), ','
    ), '')
{%- endmacro %}

{% macro bigquery__json_objects_of_list(list, fields) -%}
    nullif(array_to_string(array(
        select {{ json_of_fields('one', fields) }}
        from unnest({{ list }}) as one with offset as place
        order by place
    ), ','), '')
{%- endmacro %}

{% macro json_of_fields(one, fields) -%}
    {%- set members = [] -%}
    {%- for field, type in fields.items() -%}
        {%- set value = one ~ '.' ~ field -%}
        {%- do members.append(json_member(
            field, number_text(value) if type == 'double' else 'cast(' ~ value ~ ' as string)'
        )) -%}
    {%- endfor -%}
    {{ json_of_members(members) }}
{%- endmacro %}


{#- A delivered column that holds JSON as text, or fields or a list of them, as JSON text; null
    where it is null or an empty list. -#}
{% macro json_of_column(column, delivered_type) %}
    {{- return(adapter.dispatch('json_of_column')(column, delivered_type)) -}}
{% endmacro %}

{% macro duckdb__json_of_column(column, delivered_type) -%}
    {%- if delivered_type in ('VARCHAR', 'JSON') -%}
        {{ unless_without_json('cast(' ~ column ~ ' as varchar)') }}
    {%- else -%}
        {{ unless_without_json(without_zeros('cast(to_json(' ~ column ~ ') as varchar)')) }}
    {%- endif -%}
{%- endmacro %}

{% macro bigquery__json_of_column(column, delivered_type) -%}
    {%- if delivered_type == 'STRING' -%} {{ unless_without_json(column) }}
    {%- elif delivered_type == 'JSON' -%} {{ unless_without_json('to_json_string(' ~ column ~ ')') }}
    {%- else -%} {{ unless_without_json(without_zeros('to_json_string(' ~ column ~ ')')) }}
    {%- endif -%}
{%- endmacro %}

{#- JSON text in which 120.00 is 120 and 12.50 is 12.5, as engines and types of columns differ in
    that; what looks like a number inside a text stays. -#}
{% macro without_zeros(json) -%}
    {{ regexp_replaced(
        json,
        '("(?:[^"\\\\]|\\\\.)*")|([0-9][.][0-9]*[1-9])0+([},]|\\])|([0-9])[.]0+([},]|\\])',
        '\\1\\2\\3\\4\\5'
    ) }}
{%- endmacro %}

{#- A text, null where it says that there is nothing. -#}
{% macro unless_without_json(text) -%}
    case when {{ text }} not in ('', '[]', 'null', 'NULL') then {{ text }} end
{%- endmacro %}


{#- The first element of a list in JSON, or the object that is there in place of one, as JSON
    text; null where the list is empty, and for what is no JSON. -#}
{% macro first_json_object(json) %}
    {{- return(adapter.dispatch('first_json_object')(json)) -}}
{% endmacro %}

{% macro duckdb__first_json_object(json) -%}
    case
        when not json_valid({{ json }}) then null
        when json_type({{ json }}) = 'ARRAY'
            then nullif(cast(json_extract({{ json }}, '$[0]') as varchar), 'null')
        when json_type({{ json }}) = 'OBJECT' then {{ json }}
    end
{%- endmacro %}

{#- The cast changes nothing on BigQuery; the emulator makes JSON of it. -#}
{% macro bigquery__first_json_object(json) -%}
    {%- set kind = "json_type(safe.parse_json(" ~ json ~ ", wide_number_mode => 'round'))" -%}
    case
        when {{ kind }} = 'array'
            then nullif(cast(json_query({{ json }}, '$[0]') as string), 'null')
        when {{ kind }} = 'object' then {{ json }}
    end
{%- endmacro %}
