{#- A whole select: events as they stand after this run's reading, on some days: those that
    the event table holds and keeps, and those that enter it; where the table is built anew,
    every event that was read. `own_columns` are those that only the event table has; they
    are null on events that enter. -#}
{% macro current_events(columns, dates, own_columns=[]) -%}
    {%- if has_history() %}
        select
        {%- for column in columns + own_columns %}
            held.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
        from (
            {{ held_rows(columns + own_columns, dates) }}
        ) as held
        left join {{ ref('int_events_changed') }} as changed
            on
                held.event_id = changed.event_id
                and held.device_date = changed.device_date
                and changed.kind = 'stale'
        where changed.event_id is null
        union all
    {%- endif %}
    select
    {%- for column in columns %}
        arrived.{{ column }}{{ ',' if not loop.last or own_columns }}
    {%- endfor %}
    {%- for column in own_columns %}
        cast(null as {{ event_column_type(column) }}) as {{ column }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    from {{ ref('int_events_deduplicated') }} as arrived
    {%- if has_history() %}
        inner join {{ ref('int_events_changed') }} as changed
            on
                arrived.event_id = changed.event_id
                and arrived.device_date = changed.device_date
                and changed.kind = 'fresh'
        where {{ on_dates('arrived.event_date', dates) }}
    {%- else -%}
        {%- do also_reads('int_events_changed') -%}
    {%- endif %}
{%- endmacro %}
