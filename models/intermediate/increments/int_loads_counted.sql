{{ config(**appended()) }}

{%- do also_reads('int_event_dates_held') %}
{%- do check_rules() %}
{%- set changed = changed_load_dates() %}
{%- do check_refused_share(none if changed is none else changed.keys() | list) %}

with

counted as (
    {%- if changed is none %}
        select
            cast(loaded_at as date) as load_date,
            count(*) as raw_count
        from {{ ref('stg_events') }}
        group by load_date
    {%- else %}
        {%- for day, raw_count in changed.items() %}
            select
                date '{{ day }}' as load_date,
                {{ raw_count }} as raw_count
            union all
        {%- endfor %}
        select
            cast(null as date) as load_date,
            cast(null as bigint) as raw_count
        from (select 1 as one) as no_rows
        where one = 0
    {%- endif %}
),

final as (
    select
        cast({{ next_batch() }} as bigint) as batch_number,
        load_date,
        raw_count
    from counted
)

select * from final
