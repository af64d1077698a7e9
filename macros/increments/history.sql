{#- The event table's name: the one table that every increment starts from. -#}
{% macro event_table_name() %}
    {{ return('int_events_sessionized') }}
{% endmacro %}


{#- A model's table as the last run left it, or none, in whatever schema it lies. Models that
    run before it look it up here; `ref` would close a circle. -#}
{% macro held_table(name) %}
    {%- set node = graph.nodes.get('model.footfall.' ~ name) if execute -%}
    {{ return(adapter.get_relation(
        database=node.database, schema=node.schema, identifier=node.alias
    ) if node else none) }}
{% endmacro %}


{#- True where this run brings the event table up to date, false where it builds it anew:
    at first, with --full-refresh, or when the table or its mark is gone. -#}
{% macro has_history() %}
    {%- if not execute -%}
        {%- do ref('increment_marks') -%}
        {{ return(false) }}
    {%- endif -%}
    {%- if flags.FULL_REFRESH
        or not held_table(event_table_name()) or not held_table('increment_marks') -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(mark_of(event_table_name()) is not none) }}
{% endmacro %}


{#- The settings that decide what stored rows look like, as one text: rows of two rules must
    not stand in one table. `more` are rules of one model alone. -#}
{% macro rules_of(more=none) %}
    {%- set rules = {
        'version': 5,
        'reporting_timezone': var('reporting_timezone'),
        'session_timeout_minutes': var('session_timeout_minutes'),
        'page_view_events': var('page_view_events') | map('lower') | list,
    } -%}
    {%- if more == 'definitions' -%}
        {%- do rules.update({'names': defined_event_names()}) -%}
    {%- elif more == 'funnels' -%}
        {#- Their events are taken from a table that has rules of its own. -#}
        {%- do rules.update({
            'funnels': funnel_definitions(),
            'events': local_md5(recorded_rules('int_events_defined')),
        }) -%}
    {%- elif more in ['int_funnel_events_matched', 'int_funnel_persons_compared'] -%}
        {%- do rules.update({'made from mark': mark_number(more)}) -%}
    {%- elif more == 'reading' -%}
        {%- do rules.update({'reading': 'new rows' if has_history() else 'every row'}) -%}
    {%- endif -%}
    {{ return(tojson(rules, sort_keys=true) | replace("'", "''")) }}
{% endmacro %}


{#- Stops the run where the event table was built by other rules than today's, or where what
    it holds would be taken for deleted. -#}
{% macro check_rules() %}
    {%- if invocation_args_dict.get('empty') and has_history() -%}
        {{ exceptions.raise_compiler_error(
            "With --empty dbt reads no raw row, and every event that the tables hold would "
            ~ "be gone. Build into a schema without tables, or leave --empty away. No table "
            ~ "was touched."
        ) }}
    {%- endif -%}
    {%- if has_history() and mark_of(event_table_name(), rules_of()) is none -%}
        {{ exceptions.raise_compiler_error(
            "The rules have changed since the tables were built. They hold "
            ~ recorded_rules(event_table_name())
            ~ "; dbt_project.yml and --vars now say " ~ rules_of() ~ ". Run `dbt build --full-refresh` to build all tables by the new rules, "
            ~ "or set the old ones again. No table was touched."
        ) }}
    {%- endif -%}
{% endmacro %}


{#- Stops a model that would build the event table anew from a reading of new rows alone:
    it was selected without the models before it. -#}
{% macro check_reading(upstream) %}
    {%- if execute and not has_history()
        and mark_of(upstream, rules_of('reading')) is none -%}
        {{ exceptions.raise_compiler_error(
            model.name ~ " cannot be built anew from " ~ upstream ~ ", which holds only the "
            ~ "rows of the last increment. Select the models before it too: "
            ~ "`dbt build --full-refresh --select +" ~ model.name ~ "+`."
        ) }}
    {%- endif -%}
{% endmacro %}


{#- The closed range of days that the run was asked to rebuild, as [first, last]; none
    without one. `dbt build --event-time-start 2026-03-01 --event-time-end 2026-04-01`
    rebuilds March: the end is not part of it, as elsewhere in dbt. -#}
{% macro rebuilt_range() %}
    {%- set start = invocation_args_dict.get('event_time_start') -%}
    {%- set end = invocation_args_dict.get('event_time_end') -%}
    {%- if not start or not end -%} {{ return(none) }} {%- endif -%}
    {%- set first = modules.datetime.datetime.fromisoformat(start | string) -%}
    {%- set after = modules.datetime.datetime.fromisoformat(end | string) -%}
    {{ return([
        first.date(), (after - modules.datetime.timedelta(microseconds=1)).date()
    ]) }}
{% endmacro %}


{#- The days of the range that is to be rebuilt. -#}
{% macro days_of_range() %}
    {%- set days = [] -%}
    {%- set range_of_days = rebuilt_range() -%}
    {%- if range_of_days -%}
        {%- for shift in range((range_of_days[1] - range_of_days[0]).days + 1) -%}
            {%- do days.append(range_of_days[0] + modules.datetime.timedelta(days=shift)) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(days) }}
{% endmacro %}
