{#- The number of the last batch that a model holds, as the model itself recorded it; none
    where it recorded none, or held other rules than those of today. -#}
{% macro mark_of(model_name, rules=none) %}
    {%- set found = run_query(
        "select max(batch_number) from " ~ ref('increment_marks')
        ~ " where model_name = '" ~ model_name ~ "'"
        ~ (" and rules = '" ~ rules ~ "'" if rules is not none else '')
    ) -%}
    {{ return(found.rows[0][0] | int if found.rows[0][0] is not none else none) }}
{% endmacro %}


{#- A post-hook: the model records which batches its rows hold. On DuckDB it does so in the
    transaction that wrote the rows; on BigQuery afterwards, so that a run that dies in
    between repeats the work. A model never holds more than the one it was made from. -#}
{% macro record_mark(holds) %}
    {%- if not execute -%}
        {%- do ref('increment_marks') -%}
        {%- if holds == 'loads' -%} {%- do ref('int_loads_counted') -%} {%- endif -%}
    {%- else -%}
        {%- if holds == 'loads' -%}
            {%- set batch = newest_batch(ref('int_loads_counted')) -%}
        {#- Emptied for an event table that is built anew: nothing is held until it is. -#}
        {%- elif holds == 'what was held' -%}
            {%- set batch = mark_of(event_table_name()) if has_history() else none -%}
        {%- elif holds == 'dirty dates' -%}
            {%- set batch = newest_batch(held_table('int_event_dates_dirtied')) -%}
        {%- else -%} {%- set batch = mark_of(holds) -%}
        {%- endif -%}
        {%- set rules = rules_of(config.get('meta').rules) -%}
        {%- if mark_of(model.name, rules) != batch -%}
            delete from {{ ref('increment_marks') }} where model_name = '{{ model.name }}';
            {%- if batch is not none %}
                insert into {{ ref('increment_marks') }} (model_name, batch_number, rules)
                values ('{{ model.name }}', {{ batch }}, '{{ rules }}');
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- The newest batch that a table tells of; 0 for an empty one. -#}
{% macro newest_batch(relation) %}
    {{ return((run_query('select max(batch_number) from ' ~ relation).rows[0][0] or 0) | int) }}
{% endmacro %}


{#- The number of the batch that the models of this run have read. -#}
{% macro read_batch() %}
    {{ return((mark_of('int_events_assigned') or 0) if execute else 0) }}
{% endmacro %}
