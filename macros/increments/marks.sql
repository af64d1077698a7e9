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
    {%- endif -%}
    {%- if execute -%}
        {%- set meta = config.get('meta') -%}
        {%- if holds == 'loads' -%} {%- set batch = latest_batch() -%}
        {#- Emptied for an event table that is built anew: nothing is held until it is. -#}
        {%- elif holds == 'what was held' -%}
            {%- set batch = mark_of(event_table_name()) if has_history() else none -%}
        {%- elif holds == 'dirty dates' -%} {%- set batch = dirtied_batch() -%}
        {%- else -%} {%- set batch = mark_of(holds) -%}
        {%- endif -%}
        {%- set rules = rules_of(meta.rules) -%}
        {%- if mark_of(model.name, rules) != batch -%}
            delete from {{ ref('increment_marks') }} where model_name = '{{ model.name }}';
        {%- endif -%}
        {%- if batch is not none and mark_of(model.name, rules) != batch %}
            insert into {{ ref('increment_marks') }} (model_name, batch_number, rules)
            values ('{{ model.name }}', {{ batch }}, '{{ rules }}');
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- The number of the newest batch of loads, and of the newest whose dates are known. -#}
{% macro latest_batch() %}
    {%- set found = run_query('select max(batch_number) from ' ~ ref('int_loads_counted')) -%}
    {{ return((found.rows[0][0] or 0) | int) }}
{% endmacro %}

{% macro dirtied_batch() %}
    {%- set found = run_query(
        'select max(batch_number) from ' ~ adapter.get_relation(database=this.database, schema=this.schema, identifier='int_event_dates_dirtied')
    ) -%}
    {{ return((found.rows[0][0] or 0) | int) }}
{% endmacro %}


{#- The number of the batch that the models of this run have read. -#}
{% macro read_batch() %}
    {{ return((mark_of('int_events_assigned') or 0) if execute else 0) }}
{% endmacro %}

{% macro dirtied_batch_before() %}
    {{ return(dirtied_batch() if is_incremental() else -1) }}
{% endmacro %}
