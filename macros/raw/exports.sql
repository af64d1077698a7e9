{#- Exports of trackers, each a source with a folder in models/staging. One is open where its
    data lies where `export_relation` looks; one that is not open is no part of a run. -#}


{#- The declaration of a tracker's export, as its source's YAML has it: a node of dbt's graph. -#}
{% macro export_declaration(tracker) %}
    {{ return(exports()[tracker]) }}
{% endmacro %}

{% macro exports() %}
    {%- set found = {} -%}
    {%- for node in graph.sources.values()
        if node.package_name == 'footfall' and node.config.meta.get('tracker') -%}
        {%- do found.update({node.source_name: node}) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{#- Whether an export comes as a table a day, which is written again. -#}
{% macro is_sharded(tracker) %}
    {{ return(export_declaration(tracker).config.meta.get('is_sharded', false)) }}
{% endmacro %}


{#- Whether an export comes as a table for each event and each kind of call. -#}
{% macro is_by_call(tracker) %}
    {{ return('calls_by_table' in export_declaration(tracker).config.meta) }}
{% endmacro %}


{#- The zone in which an export writes its times. In a unit test dbt has no graph. -#}
{% macro tracker_timezone(tracker) %}
    {%- set declared = exports().get(tracker) if graph.sources is defined -%}
    {{ return(declared.config.meta.get('timezone', 'UTC') if declared else 'UTC') }}
{% endmacro %}


{#- The trackers whose exports are there, in order. -#}
{% macro open_exports() %}
    {%- set found = [] -%}
    {%- for tracker in exports() | sort if export_relation(tracker) -%}
        {%- do found.append(tracker) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{#- The trackers whose exports the models of a folder read: those that its sources declare. -#}
{% macro trackers_of(folder) %}
    {%- set found = [] -%}
    {%- for tracker, node in exports().items() if node.fqn[2] == folder -%}
        {%- do found.append(tracker) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{#- A whole select: a tracker's export with every column that its source declares, nested ones
    as `parent__field`, in the declared type; null where the export has none, and no row where
    it is not open. `declared_source` is that source, named in the model for dbt to see. -#}
{% macro read_export(tracker, declared_source) %}
    {%- if execute and is_by_call(tracker) -%}
        {{ calls_of_tables(tracker) }}
    {%- elif execute -%}
        {%- set relation = export_relation(tracker) -%}
        {%- set delivered = delivered_fields(tracker) if relation else {} -%}
        {%- set columns = export_declaration(tracker).columns -%}
        {%- set selected = [] -%}
        {%- for name, column in columns.items() -%}
            {%- if column.data_type == 'array' -%}
                {%- do selected.append(
                    (name if name in delivered else empty_list(fields_of(columns, name)))
                    ~ ' as ' ~ name
                ) -%}
            {%- elif name.endswith('_*') -%}
                {%- do selected.append(
                    json_of_versions(name, delivered, column.config.meta.get('kinds'))
                    ~ ' as ' ~ name[:-2]
                ) -%}
            {%- elif columns.get(name.split('.')[0], {}).data_type != 'array' -%}
                {#- BigQuery has no `$` in the name of a column; loaders leave it away. -#}
                {%- set found = [name, name.replace('$', ''), name.replace('$', '_')]
                    | select('in', delivered) | first -%}
                {%- do selected.append(
                    declared_column(
                        quoted_path(found or name), delivered.get(found), column.data_type
                    ) ~ ' as ' ~ name | replace('.', '__') | replace('$', '')
                ) -%}
            {%- endif -%}
        {%- endfor -%}
        select
            {{ selected | join(',\n            ') }}
            {%- if is_sharded(tracker) %},
            {{ shard_of_row() if relation else 'cast(null as string)' }} as shard
            {%- endif %}
        from {{ relation if relation else '(select 1 as nothing) as absent where false' }}
    {%- else -%}
        select * from {{ declared_source }}
    {%- endif -%}
{% endmacro %}


{#- A name with points in it, each part in the engine's quotes. -#}
{% macro quoted_path(name) %}
    {%- set parts = [] -%}
    {%- for part in name.split('.') -%}
        {%- do parts.append(adapter.quote(part)) -%}
    {%- endfor -%}
    {{ return(parts | join('.')) }}
{% endmacro %}


{#- SQL: JSON text of the columns that a name with a star at its end stands for, which is the
    version of a schema: of `contexts_com_acme_user_1_0_0` and `…_1_0_2` the value of the newest
    that has one. With `kinds` the star stands for what is in front of the version too: `first`
    takes the one kind that has a value, `all` makes each kind a member of one object. Null
    where no such column is there, or has no value. -#}
{% macro json_of_versions(pattern, delivered, kinds=none) %}
    {%- set values = [] -%}
    {%- for kind, columns in versioned_columns(pattern, delivered) | dictsort if kinds or not kind -%}
        {%- set versions = [] -%}
        {%- for column in columns -%}
            {%- do versions.append(json_of_column(adapter.quote(column), delivered[column])) -%}
        {%- endfor -%}
        {%- set newest = first_of(versions) -%}
        {%- do values.append(
            json_member_around(kind, '', newest, '') if kinds == 'all' else newest
        ) -%}
    {%- endfor -%}
    {%- if not values -%} {{ return('cast(null as string)') }} {%- endif -%}
    {{ return(
        "nullif(" ~ json_of_members(values) ~ ", '{}')" if kinds == 'all' else first_of(values)
    ) }}
{% endmacro %}

{% macro first_of(values) %}
    {{ return('coalesce(' ~ values | join(', ') ~ ')' if values | length > 1 else values[0]) }}
{% endmacro %}

{#- The delivered columns that a name with a star at its end stands for: a dictionary of kind, the
    name less what is in front of the star and less the version, to columns, the newest version
    first and what a loader recovered last. -#}
{% macro versioned_columns(pattern, delivered) %}
    {%- set found = {} -%}
    {%- for column in delivered if column.startswith(pattern[:-1]) -%}
        {%- set parts = modules.re.match(
            '(?:([a-z0-9_]*?)_)??([0-9]+)(?:_([0-9]+))?(?:_([0-9]+))?(_recovered_[0-9a-z_]+)?$',
            column[pattern | length - 1:]
        ) -%}
        {%- if parts -%}
            {%- set version = [0 if parts[5] else 1] -%}
            {%- for number in (2, 3, 4) -%}
                {%- do version.append((parts[number] or 0) | int) -%}
            {%- endfor -%}
            {%- do found.setdefault(parts[1] or '', []).append([version, column]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for kind in found -%}
        {%- do found.update({kind: found[kind] | sort(reverse=true) | map(attribute=1) | list}) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{#- SQL: a field of a schema in JSON, as text. Where a loader makes columns of fields it writes
    `user_id`, where it keeps the JSON `userId`. -#}
{% macro schema_field(json, name) %}
    {%- set words = name.split('_') -%}
    {%- set names = [name, words[0] ~ words[1:] | map('capitalize') | join] -%}
    {%- set values = [] -%}
    {%- for one in names | unique -%} {%- do values.append(json_property(json, one)) -%} {%- endfor -%}
    {{ return(first_of(values)) }}
{% endmacro %}


{#- The fields of a declared list: names below it to types. -#}
{% macro fields_of(columns, list) %}
    {%- set fields = {} -%}
    {%- for name, column in columns.items() if name.startswith(list ~ '.') -%}
        {%- do fields.update({name[list | length + 1:]: column.data_type}) -%}
    {%- endfor -%}
    {{ return(fields) }}
{% endmacro %}


{#- A whole select: the events of open exports, as the staging model of a folder makes them, in
    the form of base_events. Ids are cleaned as those of raw events are; those that a tracker draws
    have its name in front, so that two trackers' devices and events are never one. A user is
    the application's, and is the same in all of them. -#}
{% macro export_events(folder, events) %}
    {%- if not execute -%} {{ return('select * from ' ~ events) }} {%- endif -%}
    {%- set texts = model_node('stg_' ~ folder ~ '_events').columns -%}
    select
        {%- for name, column in raw_declaration('events').columns.items() %}
            {%- set id_of = column.meta.get('id_of') %}
            {%- if name == 'user_id' %}
        {{ declared_id(name, 'VARCHAR', id_of) }} as {{ name }},
            {%- elif id_of %}
        {{ "tracker || ':'" if 'tracker' in texts else "'" ~ folder ~ ":'" }} || {{ declared_id(name, 'VARCHAR', id_of) }} as {{ name }},
            {%- else %}
        {{ name }},
            {%- endif %}
            {%- if id_of %}
        {{ name }} as {{ name }}_text,
            {%- elif column.data_type == 'timestamp' %}
        {{ name ~ '_text' if name ~ '_text' in texts else 'cast(null as string)' }} as {{ name }}_text,
            {%- endif %}
            {%- if name == 'loaded_at' %}
        cast(null as timestamp) as delivered_loaded_at,
            {%- endif %}
        {%- endfor %}
        shard
    from {{ events }}
{% endmacro %}


{#- Stops the run where an open export cannot be read; gives its rows. -#}
{% macro check_export(tracker) %}
    {%- set declaration = export_declaration(tracker) -%}
    {%- set relation = export_relation(tracker) -%}
    {%- set row_count = run_query('select count(*) from ' ~ relation).rows[0][0] -%}
    {%- if row_count == 0 -%}
        {{ exceptions.raise_compiler_error(
            "The export of " ~ declaration.config.meta.tracker ~ " is empty: "
            ~ export_place(tracker) ~ " holds no row. Export again, or take it away. No table "
            ~ "was touched."
        ) }}
    {%- endif -%}
    {%- set missing = fields_that_lack(tracker) -%}
    {%- if missing -%}
        {%- set found = [] -%}
        {%- for name in delivered_fields(tracker) if '.' not in name or is_by_call(tracker) -%}
            {%- do found.append(name) -%}
        {%- endfor -%}
        {{ exceptions.raise_compiler_error(
            "The export of " ~ declaration.config.meta.tracker ~ " lacks "
            ~ ('the column ' if missing | length == 1 else 'the columns ')
            ~ missing | join(', ') ~ ": " ~ export_place(tracker) ~ " is no export of it, or "
            ~ "one of another form; the columns found are " ~ found | join(', ')
            ~ ". docs/" ~ declaration.fqn[2] ~ ".md says how to export. No table was touched."
        ) }}
    {%- endif -%}
    {#- Of several the first that is there: loaders of earlier years lack the best one. -#}
    {%- set days = declaration.config.meta.get('loaded_by', []) -%}
    {%- set delivered = declaration.columns if is_by_call(tracker) else delivered_fields(tracker) -%}
    {%- set day = ([days] if days is string else days) | select('in', delivered) | first -%}
    {%- if is_sharded(tracker) -%}
        {#- The names of the tables say it, without a query over all of them. -#}
        {%- set dates = versions_of_shards(tracker).keys() | sort -%}
        {%- set span = [dates | first, dates | last] -%}
    {%- elif day -%}
        {%- set span = run_query(
            'select min(' ~ day ~ '), max(' ~ day ~ ') from ' ~ relation
        ).rows[0] -%}
    {%- endif -%}
    {%- do log(
        'Export of ' ~ declaration.config.meta.tracker ~ ': ' ~ row_count ~ ' rows'
        ~ (', ' ~ day ~ ' from ' ~ span[0] ~ ' to ' ~ span[1] if day) ~ ', in '
        ~ export_place(tracker) ~ '.' ~ (tables_in_words(tracker) if is_by_call(tracker)),
        info=true
    ) -%}
    {{ return(row_count) }}
{% endmacro %}


{#- The required fields that an open export lacks, as names. -#}
{% macro fields_that_lack(tracker) %}
    {%- if is_by_call(tracker) -%} {{ return(columns_that_lack_of_calls(tracker)) }} {%- endif -%}
    {%- set delivered, missing = delivered_fields(tracker), [] -%}
    {%- set columns = export_declaration(tracker).columns -%}
    {%- for name, column in columns.items() if name not in delivered -%}
        {#- A list that is there has to have its fields. -#}
        {%- set list = name.split('.')[0] -%}
        {%- if (column.config.meta.get('required')
                and column.config.meta.get('or') not in delivered)
            or (columns.get(list, {}).data_type == 'array' and list in delivered) -%}
            {%- do missing.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(missing) }}
{% endmacro %}


{#- Where events come from, in words, for messages. -#}
{% macro places_of_events() %}
    {%- set places = [raw_place('events')] if raw_relation('events') else [] -%}
    {%- for tracker in open_exports() -%} {%- do places.append(export_place(tracker)) -%} {%- endfor -%}
    {{ return(places | join(' and ')) }}
{% endmacro %}
