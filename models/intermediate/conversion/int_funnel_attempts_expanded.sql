{{ config(materialized='view') }}

with

attempts as (
    select * from {{ ref('int_funnel_attempts_dimensioned') }}
),

funnels as (
    select * from {{ ref('stg_funnels') }}
),

horizon as (
    select * from {{ ref('data_horizon') }}
),

by_dimension as (
    {%- for dimension, value in {
        'all': "'all'",
        'channel': 'channel',
        'platform': 'platform',
        'country': 'country',
        'device_category': 'device_category',
    }.items() %}
        select
            attempts.*,
            '{{ dimension }}' as dimension,
            coalesce({{ value }}, '(not set)') as dimension_value
        from attempts
        union all
    {%- endfor %}
    select
        attempts.*,
        funnels.breakdown_property as dimension,
        coalesce(attempts.breakdown_value, '(not set)') as dimension_value
    from attempts
    inner join funnels
        on attempts.funnel_name = funnels.funnel_name
    where
        funnels.breakdown_property not in (
            'all', 'channel', 'platform', 'country', 'device_category'
        )
),

-- The grain `all` has one period, which starts with the data.
by_period as (
    select
        by_dimension.*,
        'all' as period_grain,
        horizon.first_date as period_start
    from by_dimension
    cross join horizon
    {%- for grain in ['day', 'week', 'month'] %}
        union all
        select
            by_dimension.*,
            '{{ grain }}' as period_grain,
            {{ period_start("'" ~ grain ~ "'", 'attempt_date') }} as period_start
        from by_dimension
    {%- endfor %}
),

final as (
    select
        funnel_name,
        period_grain,
        period_start,
        dimension,
        dimension_value,
        person_id,
        attempt_index,
        attempt_rank,
        last_step_number,
        window_closing_date
    from by_period
)

select * from final
