-- The accounts of all load dates together, worked out anew from the raw rows: an event
-- is an id of a device (else a user) on a day of the device's clock, however often it
-- was delivered.
with

accounts as (
    select
        sum(raw) as raw,
        sum(accepted) as accepted,
        sum(rejected) as rejected
    from {{ ref('event_accounting') }}
),

raw_events as (
    select
        event_id,
        device_date,
        coalesce(anonymous_id, user_id) as key_owner,
        count(*) as raw_count,
        count(refusal_reason) as refused_count
    from {{ ref('stg_events') }}
    group by event_id, device_date, coalesce(anonymous_id, user_id)
),

expected as (
    select
        sum(raw_count) as raw_count,
        sum(refused_count) as refused_count,
        count(case when refused_count < raw_count then 1 end) as event_count
    from raw_events
)

select
    accounts.*,
    expected.*
from accounts
cross join expected
where
    coalesce(accounts.raw, 0) <> coalesce(expected.raw_count, 0)
    or coalesce(accounts.accepted, 0) <> expected.event_count
    or coalesce(accounts.rejected, 0) <> coalesce(expected.refused_count, 0)
