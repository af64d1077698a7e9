{{ config(**replaced_by_day('load_date', holds='loads')) }}

with

events as (
    select
        cast(loaded_at as date) as load_date,
        refusal_reason
    from {{ ref('stg_events') }}
    where {{ on_load_dates(dates_to_replace()) }}
),

counted as (
    select
        load_date,
        refusal_reason,
        count(*) as row_count
    from events
    group by load_date, refusal_reason
)

select * from counted
