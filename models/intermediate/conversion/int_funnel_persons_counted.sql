with

-- A person counts once in a period and dimension value, with the best attempt in it.
-- Each split is grouped by itself: at once, they would be twenty times the attempts.
persons as (
    {%- for grain, dimension in funnel_splits() %}
        select
            funnel_name,
            period_grain,
            period_start,
            dimension,
            dimension_value,
            person_id,
            max(last_step_number) as last_step_number,
            max(window_closing_date) as window_closing_date
        from ({{ funnel_attempts_under(grain, dimension) }}) as attempts
        group by
            funnel_name, period_grain, period_start,
            dimension, dimension_value, person_id
        {{ 'union all' if not loop.last }}
    {%- endfor %}
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
