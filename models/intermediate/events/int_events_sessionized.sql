{{ config(**replaced_by_day(
    'event_date', holds='dirty dates', cluster_by=['anonymous_id']
)) }}

{%- do also_reads('int_events_changed') %}
{%- do check_reading('int_events_assigned') %}
{%- set dates = dates_to_replace() %}
{%- set columns = event_columns() %}

with

arrived as (
    select * from {{ ref('int_events_deduplicated') }}
),

found as (
    select * from {{ ref('int_events_assigned') }}
    where is_reached
),

{% if is_incremental() and has_history() -%}
    changed as (
        select * from {{ ref('int_events_changed') }}
    ),

    held as (
        select * from {{ this }}
        where {{ on_dates('event_date', dates) }}
    ),

    -- What stays of the days to write, and what enters them.
    events as (
        select
            {%- for column in columns %}
                held.{{ column }},
            {%- endfor %}
            held.session_id,
            held.session_date,
            held.event_index
        from held
        left join changed
            on
                held.event_id = changed.event_id
                and held.device_date = changed.device_date
                and changed.change = 'stale'
        where changed.event_id is null
        union all
        select
            {%- for column in columns %}
                arrived.{{ column }},
            {%- endfor %}
            cast(null as string) as session_id,
            cast(null as date) as session_date,
            cast(null as bigint) as event_index
        from arrived
        inner join changed
            on
                arrived.event_id = changed.event_id
                and arrived.device_date = changed.device_date
                and changed.change = 'fresh'
        where {{ on_dates('arrived.event_date', dates) }}
    ),
{%- else -%}
    events as (
        select
            *,
            cast(null as string) as session_id,
            cast(null as date) as session_date,
            cast(null as bigint) as event_index
        from arrived
    ),
{%- endif %}

-- Events keep the session that they have unless this run found another one.
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
)

select * from sessionized
