{{ config(**replaced_by_day('load_date', holds='loads')) }}

{#- Counted after the rows were read: a row that came in between is then one too many,
    and not one too few. The next run finds it. -#}
{%- do also_reads('int_events_deduplicated') %}
{%- do also_reads('rejected_events') %}

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
