{{ config(**replaced_by_day('load_date', made_from='loads')) }}

-- Counted after the rows were read: a row that came in between is then one too many,
-- and not one too few. The next run finds it.
-- depends_on: {{ ref('int_events_read_this_run') }}, {{ ref('load_ledger') }}
with

events as (
    select cast(loaded_at as date) as load_date
    from {{ ref('stg_events') }}
    where {{ on_load_dates(dates_to_replace()) }}
),

counted as (
    select
        load_date,
        count(*) as raw_count
    from events
    group by load_date
)

select * from counted
