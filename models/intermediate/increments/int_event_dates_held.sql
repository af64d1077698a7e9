{{ config(**replaced_by_day('event_date', holds='what was held')) }}

{%- do check_rules() %}

with

-- The event table as the last run left it; this run's comes later.
events as (
    {{ held_rows(['event_date', 'device_date', 'loaded_at'], dates_to_replace()) }}
),

counted as (
    select
        event_date,
        device_date,
        cast(loaded_at as date) as load_date,
        count(*) as event_count
    from events
    group by event_date, device_date, load_date
)

select * from counted
