{{ config(**ledger()) }}

-- What was read of each load date, batch by batch: the days on which events of it lie,
-- or ever lay. By it a run knows which days of the event table a load date can change.
with

events as (
    select * from {{ ref('int_events_read_this_run') }}
),

loads as (
    select max(batch_number) as batch_number from {{ ref('load_ledger') }}
),

final as (
    select distinct
        loads.batch_number,
        cast(events.loaded_at as date) as load_date,
        events.event_date,
        events.device_date
    from events
    cross join loads
)

select * from final
