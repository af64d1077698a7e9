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
ranked as (
    select
        *,
        row_number() over (
            partition by
                funnel_name, period_grain, period_start,
                dimension, dimension_value, person_id
            order by last_step_number desc, last_step_at asc, attempt_index desc
        ) as attempt_order,
        max(last_started_at) over (
            partition by
                funnel_name, period_grain, period_start,
                dimension, dimension_value, person_id
        ) as latest_started_at
    from by_period
),

best as (
    select
        funnel_name,
        period_grain,
        period_start,
        dimension,
        dimension_value,
        person_id,
        attempt_index,
        last_step_number,
        {{ reporting_date(
            add_microseconds('latest_started_at', 'window_seconds * 1000000')
        ) }} as window_closing_date
    from ranked
    where attempt_order = 1
)

select * from best
