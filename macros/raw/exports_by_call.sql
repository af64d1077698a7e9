{#- Exports that come as a table for each event and for each kind of call, as Segment's do. Which
    tables there are is found while dbt runs. -#}


{#- The tables of such an export that hold calls: a dictionary of name to `relation`, `columns`
    and the kind of `call`, none where each row says it itself. A table of an event is known by
    its columns, another by its name in meta.calls_by_table of the declaration. -#}
{% macro call_tables(tracker) %}
    {%- set known, key = found_out(), 'calls of ' ~ tracker -%}
    {%- if key in known -%} {{ return(known[key]) }} {%- endif -%}
    {%- set calls = export_declaration(tracker).config.meta.calls_by_table -%}
    {%- set found = {} -%}
    {%- for name, table in export_tables(tracker).items() -%}
        {%- set last = name.split('/') | last -%}
        {%- if 'messageid' in table.columns or 'anonymousid' in table.columns -%}
            {%- do found.update({name: dict(table, call=none)}) -%}
        {%- elif last in calls -%}
            {%- do found.update({name: dict(table, call=calls[last])}) -%}
        {%- elif 'event' in table.columns and 'id' in table.columns -%}
            {%- do found.update({name: dict(table, call='track')}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do known.update({key: found}) -%}
    {{ return(found) }}
{% endmacro %}


{#- A whole select: the calls of all tables, in the columns that the source declares, in the
    declared type. `properties` are the columns that it does not declare. Of `tracks` the rows
    whose event has no table of its own: that one has the properties. -#}
{% macro calls_of_tables(tracker) %}
    {%- set declared = export_declaration(tracker).columns -%}
    {%- set tables = call_tables(tracker) -%}
    {%- set own = [] -%}
    {%- for name in tables -%} {%- do own.append(name.split('/') | last) -%} {%- endfor -%}
    {%- for name, table in tables.items() %}
        {%- set columns = declared_columns_of_call(declared, table) %}
        {{ 'union all' if not loop.first }}
        select
            {%- for column, declaration in declared.items() %}
            {%- if column == 'type' and table.call %}
            '{{ table.call }}'
            {%- elif column == 'properties' and column not in columns %}
            {{ members_of_columns(table.columns, columns.values()) }}
            {%- else %}
            {{ declared_column(
                adapter.quote(columns.get(column, column)),
                table.columns.get(columns.get(column)), declaration.data_type
            ) }}
            {%- endif %} as {{ column }},
            {%- endfor %}
            '{{ tracker }}' as tracker
        from {{ table.relation }}
        {%- if name.split('/') | last == 'tracks' and 'event' in table.columns %}
        where event is null or event not in ('{{ own | join("', '") }}')
        {%- endif %}
    {%- else %}
        select
            {%- for column, declaration in declared.items() %}
            cast(null as {{ declaration.data_type }}) as {{ column }},
            {%- endfor %}
            '{{ tracker }}' as tracker
        from (select 1 as nothing) as absent
        where false
    {%- endfor %}
{% endmacro %}


{#- The declared columns that a table has, as a dictionary of name to that in the table: the
    same, or that of the call itself, as messageId for message_id. A column with meta.calls is
    one of these calls alone; in a table of other calls it is a property. -#}
{% macro declared_columns_of_call(declared, table) %}
    {%- set columns = {} -%}
    {%- for column, declaration in declared.items()
        if table.call is none
        or table.call in declaration.config.meta.get('calls', [table.call]) -%}
        {%- for name in [column | replace('_', ''), column] if name in table.columns -%}
            {%- do columns.update({column: name}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}


{#- SQL: a JSON object of the columns of a table that are not read otherwise. What the library
    says of its surroundings (context_…) is no property of an event. -#}
{% macro members_of_columns(columns, read) -%}
    {%- set members = [] -%}
    {%- for name, type in columns.items() if name not in read
        and not name.startswith('context_') and not name.startswith('uuid') -%}
        {%- do members.append(json_member_of_column(name, type)) -%}
    {%- endfor -%}
    {{ json_of_members(members) if members else "'{}'" }}
{%- endmacro %}


{#- What a table of calls lacks that it has to have, as table.column. -#}
{% macro columns_that_lack_of_calls(tracker) %}
    {%- set declared = export_declaration(tracker).columns -%}
    {%- set missing = [] -%}
    {%- for name, table in call_tables(tracker).items() -%}
        {%- set columns = declared_columns_of_call(declared, table) -%}
        {%- for column, declaration in declared.items()
            if declaration.config.meta.get('required') and column not in columns
            and declaration.config.meta.get('or') not in columns -%}
            {%- do missing.append(name ~ '.' ~ column) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(missing) }}
{% endmacro %}


{#- Which tables of such an export are read and which are not, in words. -#}
{% macro tables_in_words(tracker) %}
    {%- set read = call_tables(tracker).keys() | list -%}
    {%- set unread = export_tables(tracker).keys() | reject('in', read) | list -%}
    {{ return(
        ' Tables read: ' ~ read | join(', ') ~ '.'
        ~ (' Not read, since they hold no calls: ' ~ unread | join(', ') ~ '.' if unread)
    ) }}
{% endmacro %}
