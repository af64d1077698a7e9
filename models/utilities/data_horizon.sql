with

events as (
    select * from {{ ref('int_session_days_counted') }}
),

-- The clock by which periods are complete: the data's own and not the wall's.
latest as (
    select
        min(event_date) as first_date,
        max(latest_date) as last_date
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
