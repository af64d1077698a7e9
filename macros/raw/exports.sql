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


{#- A whole select: a tracker's export with every column that its source declares, nested ones
    as `parent__field`, in the declared type; null where the export has none, and no row where
    it is not open. `declared_source` is that source, named in the model for dbt to see. -#}
{% macro read_export(tracker, declared_source) %}
    {%- if execute -%}
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


{#- The fields of a declared list: names below it to types. -#}
{% macro fields_of(columns, list) %}
    {%- set fields = {} -%}
    {%- for name, column in columns.items() if name.startswith(list ~ '.') -%}
        {%- do fields.update({name[list | length + 1:]: column.data_type}) -%}
    {%- endfor -%}
    {{ return(fields) }}
{% endmacro %}


{#- A whole select: the events of an open export, as its staging model makes them, in the form
    of base_events. Ids are cleaned as those of raw events are; those that a tracker draws
    have its name in front, so that two trackers' devices and events are never one. A user is
    the application's, and is the same in all of them. -#}
{% macro export_events(tracker, events) %}
    {%- if not execute -%} {{ return('select * from ' ~ events) }} {%- endif -%}
    {%- set texts = model_node('stg_' ~ tracker ~ '_events').columns -%}
    select
        {%- for name, column in raw_declaration('events').columns.items() %}
            {%- set id_of = column.meta.get('id_of') %}
            {%- if name == 'user_id' %}
        {{ declared_id(name, 'VARCHAR', id_of) }} as {{ name }},
            {%- elif id_of %}
        '{{ tracker }}:' || {{ declared_id(name, 'VARCHAR', id_of) }} as {{ name }},
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
    {%- set delivered = delivered_fields(tracker) -%}
    {%- set missing, found = [], [] -%}
    {%- for name, column in declaration.columns.items() if name not in delivered -%}
        {#- A list that is there has to have its fields. -#}
        {%- set list = name.split('.')[0] -%}
        {%- if column.config.meta.get('required')
            or (declaration.columns.get(list, {}).data_type == 'array' and list in delivered) -%}
            {%- do missing.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in delivered if '.' not in name -%} {%- do found.append(name) -%} {%- endfor -%}
    {%- if missing -%}
        {{ exceptions.raise_compiler_error(
            "The export of " ~ declaration.config.meta.tracker ~ " lacks "
            ~ ('the column ' if missing | length == 1 else 'the columns ')
            ~ missing | join(', ') ~ ": " ~ export_place(tracker) ~ " is no export of it, or "
            ~ "one of another form; the columns found are " ~ found | join(', ')
            ~ ". docs/" ~ tracker ~ ".md says how to export. No table was touched."
        ) }}
    {%- endif -%}
    {%- set day = declaration.config.meta.get('loaded_by') -%}
    {%- set span = run_query(
        'select min(' ~ day ~ '), max(' ~ day ~ ') from ' ~ relation
    ).rows[0] if day -%}
    {%- do log(
        'Export of ' ~ declaration.config.meta.tracker ~ ': ' ~ row_count ~ ' rows'
        ~ (', ' ~ day ~ ' from ' ~ span[0] ~ ' to ' ~ span[1] if day) ~ ', in '
        ~ export_place(tracker) ~ '.', info=true
    ) -%}
    {{ return(row_count) }}
{% endmacro %}


{#- Where events come from, in words, for messages. -#}
{% macro places_of_events() %}
    {%- set places = [raw_place('events')] if raw_relation('events') else [] -%}
    {%- for tracker in open_exports() -%} {%- do places.append(export_place(tracker)) -%} {%- endfor -%}
    {{ return(places | join(' and ')) }}
{% endmacro %}
