{#- A whole select: one raw table with every column of its declaration in sources.yml, in
    the declared type. An optional column that was not delivered is null; a table that
    does not exist as a whole is empty. With `keep_texts`, each id and each time also stands
    as it came, in `<column>_text` (null for a time that came as a timestamp), so that what
    does not parse is not lost. -#}
{% macro read_raw(table, keep_texts=false) %}
    {%- set declared_source = source('raw', table) -%}
    {%- do ref('raw_tables') -%}
    {%- do ref('stg_ignored_values') -%}
    {%- if execute -%}
        {%- set relation = raw_relation(table) -%}
        {%- set delivered = raw_columns(relation) if relation else {} -%}
        {%- set selected = [] -%}
        {%- for name, column in raw_declaration(table).columns.items() -%}
            {%- set id_of = column.meta.get('id_of') -%}
            {%- do selected.append((
                declared_id(name, delivered[name], id_of) if id_of and name in delivered
                else declared_column(name, delivered.get(name), column.data_type)
            ) ~ ' as ' ~ name) -%}
            {%- if keep_texts and (id_of or column.data_type == 'timestamp') -%}
                {%- do selected.append(
                    delivered_text(name, delivered.get(name)) ~ ' as ' ~ name ~ '_text'
                ) -%}
            {%- endif -%}
            {%- if name == 'loaded_at' -%}
                {%- do selected.append(
                    delivered_timestamp(name, delivered.get(name)) ~ ' as delivered_loaded_at'
                ) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do selected.append('cast(null as string) as shard') if keep_texts -%}
        select
            {{ selected | join(',\n            ') }}
        from {{ relation if relation else '(select 1 as nothing) as absent where false' }}
    {%- else -%}
        select * from {{ declared_source }}
    {%- endif -%}
{% endmacro %}


{#- An id, cleaned so that tables join by it. In that of a `person`, as its declaration's
    meta.id_of says, some texts mean nobody; in any other only null written as text. -#}
{% macro declared_id(name, delivered_type, id_of) -%}
    {%- set is_text = delivered_type in ('VARCHAR', 'STRING') -%}
    {{ clean_id(
        name if is_text else cast_delivered(name, delivered_type, 'string'),
        (ignored_id_values() if id_of == 'person' else []) + ['null', '\\n']
    ) }}
{%- endmacro %}


{#- The texts that mean nobody in an id, in order: a rule of what is stored. None while the
    seed that lists them was never read, as for `dbt compile` before the first build. -#}
{% macro ignored_id_values() %}
    {%- set values = ref('stg_ignored_values') -%}
    {%- if not execute or not load_relation(values) -%} {{ return([]) }} {%- endif -%}
    {{ return(run_query(
        'select distinct lower(value) from ' ~ values.render()
        ~ ' where value is not null order by 1'
    ).columns[0].values() | list) }}
{% endmacro %}


{% macro declared_column(name, delivered_type, declared_type) -%}
    {%- if delivered_type -%} {{ cast_delivered(name, delivered_type, declared_type) }}
    {%- elif declared_type == 'numeric' -%} {{ as_decimal('null') }}
    {%- else -%} cast(null as {{ declared_type }})
    {%- endif -%}
{%- endmacro %}


{#- A whole select: one definition seed with every column that its YAML describes. A
    column that the file lacks is null; texts are trimmed, and an empty one is null. -#}
{% macro read_definition(seed_name) %}
    {%- set seed = ref(seed_name) -%}
    {%- if execute -%}
        {%- set delivered = {} -%}
        {%- for column in adapter.get_columns_in_relation(seed) -%}
            {%- do delivered.update({column.name | lower: column.data_type}) -%}
        {%- endfor -%}
        {%- set declared = seed_declaration(seed_name) -%}
        select
        {%- for name in declared.columns %}
            {%- set type = declared.config.column_types.get(name, 'string') %}
            {%- if name not in delivered %}
            cast(null as {{ type }}) as {{ name }}
            {%- elif type == 'string' %}
            nullif({{ trimmed('cast(' ~ name ~ ' as ' ~ type ~ ')') }}, '') as {{ name }}
            {%- else %}
            cast({{ name }} as {{ type }}) as {{ name }}
            {%- endif %}
            {{- ',' if not loop.last }}
        {%- endfor %}
        from {{ seed }}
    {%- else -%}
        select * from {{ seed }}
    {%- endif -%}
{% endmacro %}


{#- What sources.yml says of a raw table, and a seed's YAML of a seed. -#}
{% macro raw_declaration(table) %}
    {%- for node in graph.sources.values() -%}
        {%- if node.source_name == 'raw' and node.name == table and node.package_name == 'footfall' -%}
            {{ return(node) }}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}

{% macro seed_declaration(seed_name) %}
    {%- for node in graph.nodes.values() -%}
        {%- if node.resource_type == 'seed' and node.name == seed_name -%}
            {{ return(node) }}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}
