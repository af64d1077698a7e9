{{ config(**stored_by_day('period_start', ['funnel_name', 'dimension'])) }}

with

entries as (
    select * from {{ ref('int_funnel_attempts_dimensioned') }}
),

horizon as (
    select * from {{ ref('data_horizon') }}
),

-- The grain `all` has one period, which starts with the data.
by_period as (
    select
        entries.*,
        'all' as period_grain,
        horizon.first_date as period_start
    from entries
    cross join horizon
    {%- for grain in ['day', 'week', 'month'] %}
        union all
        select
            entries.*,
            '{{ grain }}' as period_grain,
            {{ period_start("'" ~ grain ~ "'", 'entries.attempt_date') }}
                as period_start
        from entries
    {%- endfor %}
),

-- A person counts once in a period and dimension value, with the best attempt in it.
best as (
    select
        funnel_name,
        period_grain,
        period_start,
        dimension,
        dimension_value,
        person_id,
        {{ value_at_first('attempt_index', 'attempt_rank') }} as attempt_index,
        max(last_step_number) as last_step_number,
        max(window_closing_date) as window_closing_date
    from by_period
    group by
        funnel_name, period_grain, period_start, dimension, dimension_value, person_id
)

select * from best
