{#- The event table's name: the one table that every increment starts from. -#}
{% macro event_table_name() %}
    {{ return('int_events_sessionized') }}
{% endmacro %}


{#- What the macros of this folder have found out for the node at hand, so that they ask once
    for what they use ten times: nothing of it changes while dbt compiles a node, nor while it
    runs it. Empty for an operation, which is no node. -#}
{% macro found_out() %}
    {{ return(model.setdefault('found_out', {}) if model is defined else {}) }}
{% endmacro %}


{#- A model's table as the last run left it, wherever it lies; none where there is none. -#}
{% macro table_of_last_run(name) %}
    {%- set node = model_node(name) -%}
    {%- if not node -%} {{ return(none) }} {%- endif -%}
    {{ return(adapter.get_relation(
        database=node.database, schema=node.schema, identifier=node.alias
    )) }}
{% endmacro %}


{#- True where this run brings the event table up to date, false where it builds it anew:
    at first, with --full-refresh, or when the table, its mark or a ledger is gone. A run with
    --empty leaves no load behind, and so nothing to bring up to date. -#}
{% macro has_history() %}
    {%- if not execute or flags.FULL_REFRESH -%} {{ return(false) }} {%- endif -%}
    {%- for name in [event_table_name(), 'increment_marks', 'load_ledger',
        'load_contents_ledger', 'event_date_ledger'] -%}
        {%- if not table_of_last_run(name) -%} {{ return(false) }} {%- endif -%}
    {%- endfor -%}
    {{ return((mark_of(event_table_name()) or 0) > 0) }}
{% endmacro %}


{#- A whole select: rows of the event table as they stand after this run's reading, copies
    included: what was read, and what the last run left that is not of a load date read
    again. `columns` and a column `is_duplicate`, true for a copy of an event that was read
    in an earlier load date by the same run. -#}
{% macro current_rows(events_read, columns, loads, condition) -%}
    select
        {{ columns | join(', ') }},
        is_duplicate
    from {{ events_read }}
    where {{ condition }}
    {%- if has_history() %}
        union all
        select
            {{ columns | join(', ') }},
            is_duplicate
        from {{ this }}
        where
            {{ condition }}
            and not ({{ on_dates('cast(loaded_at as date)', loads) }})
    {%- endif %}
{%- endmacro %}


{#- A whole select: the keys of the events that this run reads or replaces, of which another
    copy may now be the first. -#}
{% macro changed_keys(events_read, loads, dates) -%}
    select event_key from {{ events_read }}
    where {{ 'true' if has_history() else 'false' }}
    {%- if has_history() %}
        union distinct
        select event_key from {{ this }}
        where
            {{ on_dates('event_date', dates) }}
            and {{ on_dates('cast(loaded_at as date)', loads) }}
    {%- endif %}
{%- endmacro %}


{#- What decides how the rows of a model look, as the text of one JSON object: rows of two
    rules must not stand in one table. The code of the model and of all that it is made
    from, the variables, and for a model that follows definitions their rows, where the
    database holds today's. -#}
{% macro rules_of(name, has_definitions=true) %}
    {%- set known, key = found_out(), 'rules of ' ~ name ~ has_definitions -%}
    {%- if key not in known -%}
        {%- set node = model_node(name) -%}
        {%- set definitions = {} -%}
        {%- for definition in (node.config.meta.get('definitions') or []) if has_definitions -%}
            {%- do definitions.update({definition: content_of(definition)}) -%}
        {%- endfor -%}
        {%- do known.update({key: tojson({
            'reporting_timezone': var('reporting_timezone'),
            'session_timeout_minutes': var('session_timeout_minutes'),
            'page_view_events': var('page_view_events') | map('lower') | list,
            'hash_routes': var('hash_routes'),
            'definitions': definitions,
            'code': code_of(node),
        }, sort_keys=true)}) -%}
    {%- endif -%}
    {{ return(known[key]) }}
{% endmacro %}


{#- A name for the rows of a small table or view: other rows, another name. -#}
{% macro content_of(name) %}
    {%- set rows = [] -%}
    {%- for row in run_query('select * from ' ~ table_of_last_run(name)).rows -%}
        {%- do rows.append(row.values() | list | string) -%}
    {%- endfor -%}
    {{ return(local_md5(rows | sort | join('; '))[:12]) }}
{% endmacro %}


{#- The closed range of days that the run was asked to rebuild, as a list; empty without
    one. `dbt build --event-time-start 2026-03-01 --event-time-end 2026-04-01` rebuilds
    March: the end is not part of it, as elsewhere in dbt. -#}
{% macro days_of_range() %}
    {%- set start = invocation_args_dict.get('event_time_start') -%}
    {%- set end = invocation_args_dict.get('event_time_end') -%}
    {%- if not start or not end -%} {{ return([]) }} {%- endif -%}
    {%- set first = modules.datetime.datetime.fromisoformat(start | string) -%}
    {%- set after = modules.datetime.datetime.fromisoformat(end | string)
        - modules.datetime.timedelta(microseconds=1) -%}
    {%- set days = [] -%}
    {%- for shift in range((after.date() - first.date()).days + 1) -%}
        {%- do days.append(first.date() + modules.datetime.timedelta(days=shift)) -%}
    {%- endfor -%}
    {{ return(days) }}
{% endmacro %}
