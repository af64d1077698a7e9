{#- The funnel tables whose rows are replaced person by person, as the last run left them:
    none where one of them is to be built anew, so that all persons count as changed. -#}
{% macro funnel_tables() %}
    {%- set tables = [] -%}
    {%- if execute and not flags.FULL_REFRESH -%}
        {%- for node in graph.nodes.values()
            if node.config.get('meta', {}).get('replaced_by') == 'person' -%}
            {%- do tables.append(held_table(node.name)) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return([] if none in tables else tables) }}
{% endmacro %}


{#- A whole select: the persons of funnels whose rows this run replaces. -#}
{% macro changed_persons() -%}
    select
        funnel_name,
        person_id
    from {{ ref('int_funnel_persons_compared') }}
    where is_changed
{%- endmacro %}


{#- A pre-hook: stops a model that was selected without the models before it, and would mix
    the changed persons of two runs, or be built anew from those of the last run alone. -#}
{% macro check_persons_read() %}
    {%- do also_reads('increment_marks') -%}
    {%- if execute -%}
        {%- set matched = 'int_funnel_events_matched' -%}
        {%- set compared = 'int_funnel_persons_compared' -%}
        {%- set batch = mark_of(matched) -%}
        {%- do stop_for_persons(compared) if mark_of(compared, rules_of(matched)) != batch -%}
        {%- set rules = rules_of(compared) -%}
        {%- for name in tables_of_changed_persons_read() -%}
            {%- do stop_for_persons(name) if mark_of(name, rules) != batch -%}
        {%- endfor -%}
        {%- if config.get('meta').replaced_by == 'person' and not is_incremental() and run_query(
            'select count(*) from ' ~ held_table(compared) ~ ' where not is_changed'
        ).rows[0][0] -%}
            {%- do stop_for_persons(compared) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

{% macro stop_for_persons(stale) %}
    {{ exceptions.raise_compiler_error(
        model.name ~ " cannot be built from " ~ stale ~ " as it is: it holds the persons who "
        ~ "changed in an earlier run. Select that model too, and those between: "
        ~ "`dbt build --select int_funnel_persons_compared+`. The table was not touched."
    ) }}
{% endmacro %}


{#- The names of the tables of changed persons that the model reads. -#}
{% macro tables_of_changed_persons_read() %}
    {%- set names = [] -%}
    {%- for id in model.depends_on.nodes if id in graph.nodes -%}
        {%- set node = graph.nodes[id] -%}
        {%- do names.append(node.name)
            if node.config.get('meta', {}).get('of_the_run') == 'changed persons' -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}


{#- A name for what funnels ask of events now: a rule of the table of their events. -#}
{% macro funnel_definitions() %}
    {%- set asked = [] -%}
    {%- for row in run_query('select * from ' ~ ref('int_funnel_events_asked')).rows -%}
        {%- do asked.append(row.values() | join('|')) -%}
    {%- endfor -%}
    {{ return(local_md5(asked | sort | join('; '))) }}
{% endmacro %}
