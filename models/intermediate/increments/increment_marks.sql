{{ config(on_schema_change='append_new_columns', **ledger()) }}

-- Starts empty and never selects a row: each table that is kept by day adds its own
-- mark after it has written its rows (macro record_mark).
select
    cast(null as string) as model_name,
    cast(null as bigint) as mark_number,
    cast(null as bigint) as batch_number,
    cast(null as string) as rules
from (select 1 as one) as no_rows
where one = 0
