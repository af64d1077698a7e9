-- The accounts of all load dates together are the rows that stand in the tables.
with

accounts as (
    select
        sum(raw) as raw,
        sum(accepted) as accepted,
        sum(rejected) as rejected
    from {{ ref('event_accounting') }}
),

tables as (
    select
        (select count(*) from {{ ref('stg_events') }}) as raw_count,
        (
            select count(*) from {{ ref('events') }}
            where {{ on_every_day('event_date') }}
        ) as event_count,
        (select count(*) from {{ ref('rejected_events') }}) as rejected_event_count
)

select
    accounts.*,
    tables.*
from accounts
cross join tables
where
    coalesce(accounts.raw, 0) <> tables.raw_count
    or coalesce(accounts.accepted, 0) <> tables.event_count
    or coalesce(accounts.rejected, 0) <> tables.rejected_event_count
