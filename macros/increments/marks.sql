{#- The number of the last batch that a model holds, as the model itself recorded it; none
    where it recorded none, or held other rules than those of today. -#}
{% macro mark_of(model_name, rules=none) %}
    {%- set found = run_query(
        'select max(batch_number) from (' ~ newest_mark(model_name) ~ ') as newest'
        ~ (" where rules = '" ~ rules ~ "'" if rules is not none else '')
    ) -%}
    {{ return(found.rows[0][0] | int if found.rows[0][0] is not none else none) }}
{% endmacro %}


{#- The rules by which a model was last brought up to date, as its mark tells them; an empty
    text where it has none. -#}
{% macro recorded_rules(model_name) %}
    {{ return(run_query(
        'select rules from (' ~ newest_mark(model_name) ~ ') as newest'
    ).columns[0].values() | join) }}
{% endmacro %}


{#- The number of the mark that a model recorded last; 0 where it has none. -#}
{% macro mark_number(model_name) %}
    {{ return((run_query(
        'select max(mark_number) from (' ~ newest_mark(model_name) ~ ') as newest'
    ).rows[0][0] or 0) | int) }}
{% endmacro %}


{#- A whole select: the mark that a model recorded last, or no row. Marks of an earlier
    version have no number. -#}
{% macro newest_mark(model_name) -%}
    select * from {{ marks() }}
    where model_name = '{{ model_name }}'
    qualify row_number() over (order by coalesce(mark_number, 0) desc) = 1
{%- endmacro %}


{#- A post-hook: the model records which batches its rows hold. On DuckDB it does so in the
    transaction that wrote the rows; on BigQuery afterwards, so that a run that dies in
    between repeats the work. A model never holds more than the one it was made from. Marks
    are added and never changed: models that end at once would be in each other's way, as
    BigQuery refuses changes of one table that meet, and additions never. As a pre-hook, with
    `nothing`, the model takes its mark back: what is made from it then is stopped, should
    the run die before the new one. -#}
{% macro record_mark(holds) %}
    {%- if not execute -%}
        {%- do ref('increment_marks') -%}
        {%- if holds == 'loads' -%} {%- do ref('int_loads_counted') -%} {%- endif -%}
    {%- else -%}
        {%- if holds == 'loads' -%}
            {%- set batch = newest_batch(held_table('int_loads_counted')) -%}
        {#- Emptied for an event table that is built anew: nothing is held until it is. -#}
        {%- elif holds == 'what was held' -%}
            {%- set batch = mark_of(event_table_name()) if has_history() else none -%}
        {%- elif holds == 'nothing' -%} {%- set batch = none -%}
        {%- elif holds == 'dirty dates' -%}
            {%- set batch = newest_batch(held_table('int_event_dates_dirtied')) -%}
        {%- else -%} {%- set batch = mark_of(holds) -%}
        {%- endif -%}
        {%- set rules = rules_of(config.get('meta').rules) -%}
        {%- if mark_of(model.name, rules) != batch -%}
            insert into {{ marks() }}
                (model_name, mark_number, batch_number, rules)
            select
                '{{ model.name }}' as model_name,
                count(*) + 1 as mark_number,
                cast({{ 'null' if batch is none else batch }} as bigint) as batch_number,
                '{{ rules }}' as rules
            from {{ marks() }}
            where model_name = '{{ model.name }}'
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- The table of marks, with all its rows in a run with --empty too, which gives no rows of
    what is referred to. -#}
{% macro marks() %}
    {{ return(ref('increment_marks').render()) }}
{% endmacro %}


{#- The newest batch that a table tells of; 0 for an empty one. -#}
{% macro newest_batch(relation) %}
    {{ return((run_query('select max(batch_number) from ' ~ relation).rows[0][0] or 0) | int) }}
{% endmacro %}


{#- The number of the batch that the models of this run have read. -#}
{% macro read_batch() %}
    {{ return((mark_of('int_events_assigned') or 0) if execute else 0) }}
{% endmacro %}
