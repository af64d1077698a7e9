{#- The funnel tables whose rows are replaced person by person, as the last run left them:
    none where one of them is to be built anew, so that all persons count as changed. -#}
{% macro funnel_tables() %}
    {%- set tables = [] -%}
    {%- if execute and not flags.FULL_REFRESH -%}
        {%- for node in graph.nodes.values()
            if node.config.get('meta', {}).get('replaced_by') == 'person' -%}
            {%- do tables.append(held_table(node.alias)) -%}
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


{#- Stops a model that would be built anew from the changed persons alone: it was selected
    without the models before it. -#}
{% macro check_persons_read() %}
    {%- do also_reads('int_funnel_persons_compared') -%}
    {%- set compared = held_table('int_funnel_persons_compared') if execute -%}
    {%- if execute and not is_incremental() and compared and run_query(
        'select count(*) from ' ~ compared ~ ' where not is_changed'
    ).rows[0][0] -%}
        {{ exceptions.raise_compiler_error(
            model.name ~ " cannot be built anew from int_funnel_steps_walked, which holds "
            ~ "only the persons who changed in the last run. Select the models before it too: "
            ~ "`dbt build --full-refresh --select int_funnel_persons_compared+`."
        ) }}
    {%- endif -%}
{% endmacro %}


{#- A name for what funnels ask of events now: a rule of the table of their events. -#}
{% macro funnel_definitions() %}
    {%- set asked = [] -%}
    {%- for row in run_query('select * from ' ~ ref('int_funnel_events_asked')).rows -%}
        {%- do asked.append(row.values() | join('|')) -%}
    {%- endfor -%}
    {{ return(local_md5(asked | sort | join('; '))) }}
{% endmacro %}
