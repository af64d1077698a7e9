{{ config(**ledger()) }}

-- Starts empty and never selects a row: the event table notes in it which days a batch
-- changes, before it touches one (macro record_dates).
select
    cast(null as bigint) as batch_number,
    cast(null as date) as event_date
from (select 1 as one) as no_rows
where one = 0
