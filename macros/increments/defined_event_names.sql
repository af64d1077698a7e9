{#- The event names that the definitions use, in order: a rule of the table that keeps their
    events. -#}
{% macro defined_event_names() %}
    {{ return(run_query(
        'select normalized_event_name from ' ~ ref('int_event_names_defined')
        ~ ' order by normalized_event_name'
    ).columns[0].values() | list) }}
{% endmacro %}
