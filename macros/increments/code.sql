{#- The code that makes the rows of a model: a dictionary of the model and the models that it
    is made from to a short hash of each. It ends at the event table, whose rows have a mark
    of their own. Comments and white space count for nothing, nor do the macros of this
    folder, which choose days and make no rows. -#}
{% macro code_of(node) %}
    {%- set hashes = {} -%}
    {%- set waiting = [node] -%}
    {%- for turn in range(1000) if waiting -%}
        {%- set current = waiting.pop() -%}
        {%- do hashes.update({current.name: hash_of_code(current)}) -%}
        {%- for id in current.depends_on.nodes if id.startswith('model.') -%}
            {%- set upstream = graph.nodes[id] -%}
            {%- if upstream.name not in hashes and upstream.name != event_table_name()
                and not upstream.config.meta.get('is_ledger')
                and not is_of_closed_export(upstream) -%}
                {%- do waiting.append(upstream) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(hashes) }}
{% endmacro %}


{#- True for a model of a tracker whose export is not there: it makes no row. -#}
{% macro is_of_closed_export(node) %}
    {%- set trackers = trackers_of(node.fqn[2]) -%}
    {{ return(trackers | length > 0 and not trackers | select('in', open_exports()) | list) }}
{% endmacro %}


{#- A short hash of a model's text and of every macro of the project that it uses. -#}
{% macro hash_of_code(node) %}
    {%- set texts = {node.name: node.raw_code} -%}
    {%- set waiting = node.depends_on.macros | list -%}
    {%- for turn in range(10000) if waiting -%}
        {%- set id = waiting.pop() -%}
        {%- set name = id.split('.') | last -%}
        {%- if id.startswith('macro.footfall.') and id not in texts -%}
            {%- set macro = context[name].macro -%}
            {%- set is_machinery = '/increments/' in macro.original_file_path -%}
            {%- do texts.update({id: '' if is_machinery else macro.macro_sql}) -%}
            {%- do waiting.extend(macro.depends_on.macros) if not is_machinery -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set code = texts | dictsort | map(attribute=1) | join(' ') -%}
    {%- set uncommented = modules.re.sub(
        '(?s)[{]#.*?#[}]|--[^\n]*', ' ', code
    ) -%}
    {{ return(local_md5(uncommented.split() | join(' '))[:12]) }}
{% endmacro %}


{#- The node of a model in dbt's graph; none where there is none, as in unit tests. -#}
{% macro model_node(name) %}
    {{ return((graph.nodes or {}).get('model.footfall.' ~ name)) }}
{% endmacro %}
