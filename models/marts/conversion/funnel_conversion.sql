with

entries as (
    select * from {{ ref('int_funnel_attempts_ranked') }}
),

attempt_steps as (
    select * from {{ ref('funnel_attempt_steps') }}
),

steps as (
    select distinct
        funnel_name,
        step_number,
        step_name
    from {{ ref('stg_funnel_steps') }}
),

horizon as (
    select * from {{ ref('data_horizon') }}
),

timed as (
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

compared_waits as (
    select
        *,
        {{ median_over(
            'microseconds',
            'funnel_name, period_grain, period_start, dimension, dimension_value, '
            ~ 'step_number'
        ) }} as median_microseconds
    from timed
),

reached as (
    select
        funnel_name,
        period_grain,
        period_start,
        dimension,
        dimension_value,
        step_number,
        count(*) as person_count,
        {{ ratio('sum(microseconds)', '(1000000 * count(microseconds))') }}
            as average_seconds_from_previous,
        {{ as_seconds('max(median_microseconds)') }} as median_seconds_from_previous
    from compared_waits
    group by
        funnel_name, period_grain, period_start, dimension, dimension_value, step_number
),

cohorts as (
    select
        entries.funnel_name,
        entries.period_grain,
        entries.period_start,
        entries.dimension,
        entries.dimension_value,
        count(*) as entrant_count,
        max(entries.window_closing_date) <= max(horizon.last_full_date) as is_complete
    from entries
    cross join horizon
    group by
        entries.funnel_name, entries.period_grain, entries.period_start,
        entries.dimension, entries.dimension_value
),

-- Every step stands here, one that nobody reached with a zero.
filled as (
    select
        cohorts.funnel_name,
        cohorts.period_grain,
        cohorts.period_start,
        cohorts.dimension,
        cohorts.dimension_value,
        steps.step_number,
        steps.step_name,
        cohorts.entrant_count,
        cohorts.is_complete,
        reached.average_seconds_from_previous,
        reached.median_seconds_from_previous,
        coalesce(reached.person_count, 0) as person_count
    from cohorts
    inner join steps
        on cohorts.funnel_name = steps.funnel_name
    left join reached
        on
            cohorts.funnel_name = reached.funnel_name
            and cohorts.period_grain = reached.period_grain
            and cohorts.period_start = reached.period_start
            and cohorts.dimension = reached.dimension
            and cohorts.dimension_value = reached.dimension_value
            and steps.step_number = reached.step_number
),

compared as (
    select
        *,
        lag(person_count) over (
            partition by
                funnel_name, period_grain, period_start, dimension, dimension_value
            order by step_number
        ) as previous_person_count
    from filled
),

rated as (
    select
        funnel_name,
        period_grain,
        period_start,
        dimension,
        dimension_value,
        step_number,
        step_name,
        person_count,
        {{ ratio('person_count', 'entrant_count') }} as conversion_from_start,
        case
            when step_number = 1 then 1
            else {{ ratio('person_count', 'previous_person_count') }}
        end as conversion_from_previous,
        average_seconds_from_previous,
        median_seconds_from_previous,
        is_complete
    from compared
)

select * from rated
