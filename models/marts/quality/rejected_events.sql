{{ config(**replaced_by_day('load_date', made_from='loads', cluster_by=['reason'])) }}

-- depends_on: {{ ref('load_ledger') }}
with

refused as (
    select
        events.event_id,
        events.refusal_reason as reason,
        {{ event_payload('events') }} as raw_payload,
        events.received_at,
        events.loaded_at,
        cast(events.loaded_at as date) as load_date
    from {{ ref('stg_events') }} as events
    where events.refusal_reason is not null and {{ on_load_dates(dates_to_replace()) }}
),

-- A row may be refused for having no id, and two may be alike to the letter.
numbered as (
    select
        *,
        row_number() over (partition by loaded_at, raw_payload order by received_at)
            as copy_number,
        {{ timestamp_text('loaded_at') }} as load_text
    from refused
),

keyed as (
    select
        {{ dbt.hash(
            "load_text || '|' || cast(copy_number as string) || '|' || raw_payload"
        ) }} as rejected_event_id,
        event_id,
        reason,
        raw_payload,
        load_date,
        received_at,
        loaded_at
    from numbered
)

select * from keyed
