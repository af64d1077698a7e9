with

attempts as (
    select * from {{ ref('int_funnel_attempts_ranked') }}
),

funnels as (
    select * from {{ ref('stg_funnels') }}
),

horizon as (
    select * from {{ ref('data_horizon') }}
),

-- Whoever has one attempt counts with it wherever it stands: counted before it is
-- split.
single_attempts as (
    select
        funnel_name,
        channel,
        platform,
        country,
        device_category,
        breakdown_value,
        last_step_number,
        count(*) as person_count,
        attempt_date,
        max(window_closing_date) as window_closing_date
    from attempts
    where attempt_count = 1
    group by
        funnel_name, channel, platform, country, device_category, breakdown_value,
        last_step_number, attempt_date
),

repeated_attempts as (
    select * from attempts
    where attempt_count > 1
),

-- Anybody else counts once in a period and dimension value, with the best attempt in
-- it. Each split is grouped by itself: at once, they would be twenty times the
-- attempts.
counted_by_split as (
    {%- for grain, dimension in funnel_splits() %}
        select
            funnel_name,
            period_grain,
            period_start,
            dimension,
            dimension_value,
            last_step_number,
            person_count,
            window_closing_date
        from (
            {{ funnel_attempts_under('single_attempts', grain, dimension) }}
        ) as single
        union all
        select
            max(funnel_name) as funnel_name,
            max(period_grain) as period_grain,
            period_start,
            max(dimension) as dimension,
            dimension_value,
            max(last_step_number) as last_step_number,
            1 as person_count,
            max(window_closing_date) as window_closing_date
        from (
            {{ funnel_attempts_under('repeated_attempts', grain, dimension) }}
        ) as repeated
        group by entrant_key, period_start, dimension_value
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
        cast(sum(person_count) as bigint) as person_count,
        max(window_closing_date) as window_closing_date
    from counted_by_split
    group by
        funnel_name, period_grain, period_start,
        dimension, dimension_value, last_step_number
)

select * from counted
