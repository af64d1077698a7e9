with

events as (
    select * from {{ ref('int_events_sessionized') }}
),

-- The clock by which periods are complete: the data's own and not the wall's. A device
-- whose clock runs ahead must not move it, so an event counts by its receipt at the
-- latest.
latest as (
    select
        min(event_date) as first_date,
        max(
            case
                when received_at < occurred_at then {{ reporting_date('received_at') }}
                else event_date
            end
        ) as last_date
    from events
),

horizon as (
    select
        first_date,
        last_date,
        {{ add_days('last_date', '-1') }} as last_full_date
    from latest
)

select * from horizon
