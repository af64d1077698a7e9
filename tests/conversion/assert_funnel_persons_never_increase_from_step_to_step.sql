-- Whoever reached a step reached every step before it.
with

compared as (
    select
        funnel_name,
        period_grain,
        period_start,
        dimension,
        dimension_value,
        step_number,
        person_count,
        lag(person_count) over (
            partition by
                funnel_name, period_grain, period_start, dimension, dimension_value
            order by step_number
        ) as previous_person_count
    from {{ ref('funnel_conversion') }}
)

select * from compared
where person_count > previous_person_count
