{{ config(**stored_by_day('period_start', ['funnel_name'])) }}

with

entries as (
    select * from {{ ref('int_funnel_attempts_ranked') }}
    where last_step_number > 1
),

-- Nothing is waited for at the first step, where most attempts end.
attempt_steps as (
    select * from {{ ref('funnel_attempt_steps') }}
    where step_number > 1
),

waited as (
    select
        entries.funnel_name,
        entries.period_grain,
        entries.period_start,
        entries.dimension,
        entries.dimension_value,
        attempt_steps.step_number,
        {{ microseconds_between(
            'attempt_steps.previous_reached_at', 'attempt_steps.reached_at'
        ) }} as microseconds
    from entries
    inner join attempt_steps
        on
            entries.funnel_name = attempt_steps.funnel_name
            and entries.person_id = attempt_steps.person_id
            and entries.attempt_index = attempt_steps.attempt_index
),

compared as (
    select
        *,
        {{ median_over(
            'microseconds',
            'funnel_name, period_grain, period_start, dimension, dimension_value, '
            ~ 'step_number'
        ) }} as median_microseconds
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
        {{ as_seconds('max(median_microseconds)') }} as median_seconds_from_previous
    from compared
    group by
        funnel_name, period_grain, period_start, dimension, dimension_value, step_number
)

select * from measured
