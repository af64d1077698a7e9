with

-- The best attempt of a person in a period came furthest: who went on at all is
-- represented by an attempt that did.
attempts as (
    select * from {{ ref('int_funnel_attempts_ranked') }}
    where last_step_number > 1
),

funnels as (
    select * from {{ ref('stg_funnels') }}
),

horizon as (
    select * from {{ ref('data_horizon') }}
),

best_attempts as (
    {%- for grain, dimension in funnel_splits() %}
        select
            max(funnel_name) as funnel_name,
            max(period_grain) as period_grain,
            period_start,
            max(dimension) as dimension,
            dimension_value,
            entrant_key,
            {{ value_at_first('attempt_index', 'attempt_rank') }} as attempt_index,
            max(last_step_number) as last_step_number
        from (
            {{ funnel_attempts_under('attempts', grain, dimension) }}
        ) as split_attempts
        group by entrant_key, period_start, dimension_value
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

steps as (
    select * from {{ ref('int_funnel_steps_walked') }}
),

-- Steps that an exclusion has taken away lie beyond the attempt's last one.
waited as (
    select
        best_attempts.funnel_name,
        best_attempts.period_grain,
        best_attempts.period_start,
        best_attempts.dimension,
        best_attempts.dimension_value,
        steps.step_number,
        {{ microseconds_between('steps.previous_reached_at', 'steps.reached_at') }}
            as microseconds
    from best_attempts
    inner join steps
        on
            best_attempts.entrant_key = steps.entrant_key
            and best_attempts.attempt_index = steps.attempt_index
            and best_attempts.last_step_number >= steps.step_number
),

compared as (
    select
        *,
        {{ median_input(
            'microseconds',
            'funnel_name, period_grain, period_start, dimension, dimension_value, '
            ~ 'step_number'
        ) }} as median_input
    from waited
),

measured as (
    select
        funnel_name,
        period_grain,
        period_start,
        dimension,
        dimension_value,
        step_number,
        {{ ratio('sum(microseconds)', '(1000000 * count(microseconds))') }}
            as average_seconds_from_previous,
        {{ as_seconds(median_of('median_input')) }} as median_seconds_from_previous
    from compared
    group by
        funnel_name, period_grain, period_start, dimension, dimension_value, step_number
)

select * from measured
