with

-- The best attempt of a person in a period came furthest: who went on at all is
-- represented by an attempt that did.
attempts as (
    select * from {{ ref('int_funnel_attempts_expanded') }}
    where last_step_number > 1
),

best_attempts as (
    select
        funnel_name,
        period_grain,
        period_start,
        dimension,
        dimension_value,
        person_id,
        {{ value_at_first('attempt_index', 'attempt_rank') }} as attempt_index
    from attempts
    group by
        funnel_name, period_grain, period_start, dimension, dimension_value, person_id
),

-- Nothing is waited for at the first step, where most attempts end.
attempt_steps as (
    select * from {{ ref('funnel_attempt_steps') }}
    where step_number > 1
),

waited as (
    select
        best_attempts.funnel_name,
        best_attempts.period_grain,
        best_attempts.period_start,
        best_attempts.dimension,
        best_attempts.dimension_value,
        attempt_steps.step_number,
        {{ microseconds_between(
            'attempt_steps.previous_reached_at', 'attempt_steps.reached_at'
        ) }} as microseconds
    from best_attempts
    inner join attempt_steps
        on
            best_attempts.funnel_name = attempt_steps.funnel_name
            and best_attempts.person_id = attempt_steps.person_id
            and best_attempts.attempt_index = attempt_steps.attempt_index
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
