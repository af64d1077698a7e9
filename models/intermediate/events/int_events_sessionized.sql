{{ config(**replaced_by_day(
    'event_date', 'dirty dates', ['anonymous_id', 'normalized_event_name'],
    is_filter_required=true, sliced_as='int_events_deduplicated'
)) }}

{%- do check_reading('int_events_assigned') %}
{#- Looked up by name; without this a second thread would be here before it. -#}
{%- do also_reads('int_event_dates_dirtied') %}
{%- set columns = event_columns() %}
{%- set own_columns = ['session_id', 'session_date', 'event_index'] %}

with

events as (
    {{ current_events(columns, dates_to_replace(), own_columns) }}
),

found as (
    select * from {{ ref('int_events_assigned') }}
    where is_reached
),

-- Events keep their session unless this run found another. The date lets DuckDB slice.
sessionized as (
    select
        {%- for column in columns %}
            events.{{ column }},
        {%- endfor %}
        coalesce(found.session_id, events.session_id) as session_id,
        coalesce(found.session_date, events.session_date) as session_date,
        coalesce(found.event_index, events.event_index) as event_index
    from events
    left join found
        on
            events.event_id = found.event_id
            and events.device_date = found.device_date
            and events.event_date = found.event_date
)

select * from sessionized
