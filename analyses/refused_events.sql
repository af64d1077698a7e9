-- Which raw events were refused, and why?
--
-- One row per fate of a raw row; together they are every row that was delivered.
-- `last_loaded` tells whether it still happens. The rows themselves are in the column
-- raw_payload of rejected_events.
with

accounting as (
    select * from {{ ref('event_accounting') }}
),

refused as (
    select * from {{ ref('rejected_events') }}
),

total as (
    select sum(raw) as raw_row_count from accounting
),

fates as (
    select
        'accepted' as fate,
        cast(null as string) as reason,
        sum(accepted) as raw_rows,
        max(case when accepted > 0 then load_date end) as last_loaded
    from accounting
    union all
    select
        'duplicate' as fate,
        'same id, same day' as reason,
        sum(duplicate) as raw_rows,
        max(case when duplicate > 0 then load_date end) as last_loaded
    from accounting
    union all
    select
        'refused' as fate,
        reason,
        count(*) as raw_rows,
        max(cast(loaded_at as date)) as last_loaded
    from refused
    group by reason
),

rated as (
    select
        fates.fate,
        fates.reason,
        fates.raw_rows,
        round(100 * {{ ratio('fates.raw_rows', 'total.raw_row_count') }}, 3)
            as share_in_percent,
        fates.last_loaded
    from fates
    cross join total
)

select * from rated
order by fate asc, raw_rows desc, reason asc
