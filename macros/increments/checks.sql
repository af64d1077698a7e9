{#- The one check at the start of a run: what was selected, and what the tables were made by.
    It stops the run before a table is touched. -#}
{% macro check_run() %}
    {%- if execute and flags.WHICH in ('run', 'build') -%}
        {%- do check_variables() -%}
        {%- do check_selection() -%}
        {%- do check_state('seed.footfall.event_names' not in selected_resources) -%}
    {%- endif -%}
{% endmacro %}


{#- Stops where a variable has a value that would be misread: a text for a list is a list of
    letters, and a text for a truth value is true. A pause of more than a day would join
    events that an increment does not look at together. -#}
{% macro check_variables() %}
    {%- set problems = [] -%}
    {%- set events = var('page_view_events') -%}
    {%- if events is string or events is not iterable -%}
        {%- do problems.append(
            "page_view_events is `" ~ events ~ "`; give a list of event names, as [page_viewed]"
        ) -%}
    {%- endif -%}
    {%- if var('hash_routes') is not boolean -%}
        {%- do problems.append(
            "hash_routes is `" ~ var('hash_routes') ~ "`; give true or false without quotes"
        ) -%}
    {%- endif -%}
    {%- set timeout = var('session_timeout_minutes') -%}
    {%- if timeout is not integer or timeout is boolean or not 1 <= timeout <= 1440 -%}
        {%- do problems.append(
            "session_timeout_minutes is `" ~ timeout ~ "`; give a whole number from 1 to 1440"
        ) -%}
    {%- endif -%}
    {%- set lookback = var('attribution_lookback_days') -%}
    {%- if lookback is not integer or lookback is boolean or not 1 <= lookback <= 730 -%}
        {%- do problems.append(
            "attribution_lookback_days is `" ~ lookback ~ "`; give a whole number from 1 to 730"
        ) -%}
    {%- endif -%}
    {%- if problems -%}
        {{ exceptions.raise_compiler_error(
            "The variable " ~ problems | join('. The variable ') ~ ". Variables stand in "
            ~ "dbt_project.yml or behind --vars. No table was touched."
        ) }}
    {%- endif -%}
{% endmacro %}


{#- Stops where a model was selected without one that it is made from: it would be made from
    what an earlier run left. Models of one's own may be selected alone. -#}
{% macro check_selection() %}
    {%- if invocation_args_dict.get('defer') -%} {{ return('') }} {%- endif -%}
    {%- set incomplete = {} -%}
    {%- for id in selected_resources
        if id.startswith('model.footfall.') and graph.nodes[id].fqn[1] in [
            'staging', 'intermediate', 'marts', 'utilities'
        ] -%}
        {%- for upstream in graph.nodes[id].depends_on.nodes
            if upstream.startswith('model.') and upstream not in selected_resources -%}
            {%- do incomplete.update({
                graph.nodes[id].name: graph.nodes[upstream].name
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if incomplete -%}
        {%- set name, upstream = (incomplete.items() | list)[0] -%}
        {{ exceptions.raise_compiler_error(
            name ~ " was selected without " ~ upstream ~ ", which it is made from"
            ~ (" (and " ~ (incomplete | length - 1) ~ " more models like it)"
                if incomplete | length > 1 else "")
            ~ ". It would be made from the rows of an earlier run. Select what stands before "
            ~ "it too, `dbt build --select +" ~ name ~ "`; what is not new takes no time. "
            ~ "No table was touched."
        ) }}
    {%- endif -%}
    {%- do warn_of_mixed_views() -%}
{% endmacro %}


{#- A warning for marts that are views and were not selected, over tables of which this run
    brings some up to date and leaves others: what they show is of two runs. -#}
{% macro warn_of_mixed_views() %}
    {%- set mixed = [] -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'model' and node.package_name == 'footfall'
        and node.config.materialized == 'view' and node.path.startswith('marts/')
        and node.unique_id not in selected_resources and table_of_last_run(node.name)
        and (node.depends_on.nodes | select('in', selected_resources) | list) -%}
        {%- do mixed.append(node.alias) -%}
    {%- endfor -%}
    {%- if mixed -%}
        {%- do exceptions.warn(
            mixed | sort | join(', ') ~ (' was' if mixed | length == 1 else ' were')
            ~ ' not selected, and read tables of which this run brings some up to date and '
            ~ 'not others. Until the next `dbt build` they are of two runs; do not read them '
            ~ 'before.'
        ) -%}
    {%- endif -%}
{% endmacro %}


{#- Stops where the event table was built by other rules or other code than today's, or where
    what it holds would be taken for deleted. Asked at the start of a run, and once more when
    the definitions have been loaded: until then the database holds those of the last run,
    which may have been mistaken, and mended since. -#}
{% macro check_state(has_definitions=true) %}
    {%- if not execute or not has_history() or 'model.footfall.' ~ event_table_name() not in selected_resources -%}
        {{ return('') }}
    {%- endif -%}
    {%- if invocation_args_dict.get('empty') -%}
        {{ exceptions.raise_compiler_error(
            "With --empty dbt reads no raw row, and every event that the tables hold would "
            ~ "be gone. Build into a schema without tables, or leave --empty away. No table "
            ~ "was touched."
        ) }}
    {%- endif -%}
    {%- set held = fromjson(newest_mark(event_table_name()).rules) -%}
    {%- set today = fromjson(rules_of(event_table_name(), has_definitions)) -%}
    {%- set differing = [] -%}
    {%- for name in today.definitions
        if held.get('definitions', {}).get(name) != today.definitions[name] -%}
        {%- do differing.append('the rows of ' ~ name ~ ' changed') -%}
    {%- endfor -%}
    {%- for rule in today if rule not in ['code', 'definitions'] and held.get(rule) != today[rule] -%}
        {%- do differing.append(
            rule ~ ' was ' ~ held.get(rule) ~ ' and is ' ~ today[rule]
        ) -%}
    {%- endfor -%}
    {#- A model that was not there then is one of an export that has come since. -#}
    {%- for name in today.code if name in held.get('code', {})
        and held.code[name] != today.code[name] -%}
        {%- do differing.append('the code of ' ~ name ~ ', or of a macro that it uses, changed') -%}
    {%- endfor -%}
    {%- if differing -%}
        {{ exceptions.raise_compiler_error(
            "The rules have changed since the event table was built: " ~ differing | join('; ')
            ~ ". Run `dbt build --full-refresh` to build all tables by the new rules, or set "
            ~ "the old ones again. No table was touched."
        ) }}
    {%- endif -%}
{% endmacro %}
