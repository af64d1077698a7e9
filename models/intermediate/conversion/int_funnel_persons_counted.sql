with

attempts as (
    select * from {{ ref('int_funnel_attempts_expanded') }}
),

-- A person counts once in a period and dimension value, with the best attempt in it.
persons as (
    select
        funnel_name,
        period_grain,
        period_start,
        dimension,
        dimension_value,
        person_id,
        max(last_step_number) as last_step_number,
        max(window_closing_date) as window_closing_date
    from attempts
    group by
        funnel_name, period_grain, period_start, dimension, dimension_value, person_id
),

-- How many got how far, and no further.
counted as (
    select
        funnel_name,
        period_grain,
        period_start,
        dimension,
        dimension_value,
        last_step_number,
        count(*) as person_count,
        max(window_closing_date) as window_closing_date
    from persons
    group by
        funnel_name, period_grain, period_start,
        dimension, dimension_value, last_step_number
)

select * from counted
