{#- A whole select: columns of the event table's rows on some days, as the last run left
    them; no row where this run builds the table anew. -#}
{% macro held_rows(columns, dates) -%}
    {%- if has_history() -%}
        select
        {%- for column in columns %}
            {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
        from {{ held_table(event_table_name()) }}
        where {{ on_dates('event_date', dates) }}
    {%- else -%}
        select
        {%- for column in columns %}
            cast(null as {{ event_column_type(column) }}) as {{ column }}
            {{- ',' if not loop.last }}
        {%- endfor %}
        from (select 1 as one) as no_rows
        where one = 0
    {%- endif -%}
{%- endmacro %}

{% macro event_column_type(column) -%}
    {%- if column.endswith('_date') -%} date
    {%- elif column.endswith('_at') -%} timestamp
    {%- elif column.startswith('is_') -%} boolean
    {%- elif column.endswith('_index') -%} bigint
    {%- else -%} string
    {%- endif -%}
{%- endmacro %}
