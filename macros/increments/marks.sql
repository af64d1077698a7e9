{#- The number of the last batch that a model holds, as the model itself recorded it; none
    where it recorded none, or was made by other rules than those given. -#}
{% macro mark_of(model_name, rules=none) %}
    {%- set mark = newest_mark(model_name) -%}
    {%- if not mark or (rules is not none and mark.rules != rules) -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(mark.batch_number) }}
{% endmacro %}


{#- The mark that a model recorded last, as {batch_number, rules}; none where it has none.
    All its rows in a run with --empty too, which gives no rows of what is referred to. -#}
{% macro newest_mark(model_name) %}
    {%- set marks = table_of_last_run('increment_marks') -%}
    {%- if not marks -%} {{ return(none) }} {%- endif -%}
    {%- set known, key = found_out(), 'mark of ' ~ model_name -%}
    {%- if key not in known -%}
        {%- set rows = run_query(
            'select batch_number, rules from ' ~ marks ~ " where model_name = '" ~ model_name
            ~ "' order by mark_number desc limit 1"
        ).rows -%}
        {%- do known.update({
            key: {'batch_number': rows[0][0] | int, 'rules': rows[0][1]} if rows else none
        }) -%}
    {%- endif -%}
    {{ return(known[key]) }}
{% endmacro %}


{#- A post-hook: the model records which batches its rows hold, and by which rules they were
    made. On DuckDB it does so in the transaction that wrote the rows; on BigQuery afterwards,
    so that a run that dies in between repeats the work. Marks are added and never changed:
    models that end at once would be in each other's way, as BigQuery refuses changes of one
    table that meet, and additions never. -#}
{% macro record_mark() %}
    {%- if not execute -%}
        {%- do ref('increment_marks') -%}
    {%- else -%}
        {%- set batch = batch_to_hold() -%}
        {%- set rules = rules_of(model.name) -%}
        {%- if mark_of(model.name, rules) != batch -%}
            {%- set marks = table_of_last_run('increment_marks') -%}
            insert into {{ marks }}
                (model_name, mark_number, batch_number, rules)
            select
                '{{ model.name }}' as model_name,
                count(*) + 1 as mark_number,
                cast({{ batch }} as bigint) as batch_number,
                {{ dbt.string_literal(rules) }} as rules
            from {{ marks }}
            where model_name = '{{ model.name }}'
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- The newest batch that the model can hold: of what it is made from by load date, that of
    the ledger of loads; else that of the event table. -#}
{% macro batch_to_hold() %}
    {%- if model.name == event_table_name() or config.get('meta').made_from == 'loads' -%}
        {{ return(newest_batch(table_of_last_run('load_ledger'))) }}
    {%- endif -%}
    {{ return(mark_of(event_table_name()) or 0) }}
{% endmacro %}


{#- The newest batch that a table tells of; 0 for an empty one. -#}
{% macro newest_batch(relation) %}
    {{ return((run_query('select max(batch_number) from ' ~ relation).rows[0][0] or 0) | int) }}
{% endmacro %}


{#- Stands in for dbt's own: a table kept by day is also made whole where its mark is missing
    or was made by other rules. It is made from the event table, so it costs one reading of
    that; the event table itself asks for --full-refresh (check_state). -#}
{% macro should_full_refresh() %}
    {%- set asked = config.get('full_refresh') -%}
    {%- set asked = flags.FULL_REFRESH if asked is none else asked -%}
    {%- if asked or not execute or not model_node(event_table_name())
        or not (config.get('meta') or {}).get('replaced_by') -%}
        {{ return(asked) }}
    {%- endif -%}
    {%- if model.name == event_table_name() -%} {{ return(not has_history()) }} {%- endif -%}
    {{ return(mark_of(model.name, rules_of(model.name)) is none) }}
{% endmacro %}
