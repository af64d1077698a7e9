{{ config(**appended()) }}

{%- do also_reads('int_event_dates_held') %}
{%- do check_rules() %}
{%- set load_dates = load_dates_to_count() %}

with

events as (
    select cast(loaded_at as date) as load_date from {{ ref('stg_events') }}
    where {{ on_load_dates(load_dates) }}
),

counted as (
    select
        load_date,
        count(*) as raw_count
    from events
    group by load_date
),

{#- A load date that lost all its rows is counted too: none. #}
{%- if load_dates %}
    counted_or_lost as (
        select
            held.load_date,
            coalesce(counted.raw_count, 0) as raw_count
        from (
            {%- for day in load_dates %}
                select date '{{ day }}' as load_date
                {{ 'union all' if not loop.last }}
            {%- endfor %}
        ) as held
        left join counted
            on held.load_date = counted.load_date
    ),
{%- else %}
    counted_or_lost as (
        select * from counted
    ),
{%- endif %}

final as (
    select
        cast({{ next_batch() }} as bigint) as batch_number,
        load_date,
        raw_count
    from counted_or_lost
)

select * from final
