{{ config(**ledger()) }}

{%- set changed = changed_loads(ref('stg_events')) %}

with

counted as (
    {%- for load_date, raw_count in changed.items() %}
        select
            date '{{ load_date }}' as load_date,
            {{ raw_count }} as raw_count
        union all
    {%- endfor %}
    select
        cast(null as date) as load_date,
        cast(null as bigint) as raw_count
    from (select 1 as one) as no_rows
    where one = 0
),

final as (
    select
        cast({{ next_batch() }} as bigint) as batch_number,
        load_date,
        cast(raw_count as bigint) as raw_count
    from counted
)

select * from final
