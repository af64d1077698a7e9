with

outcomes as (
    select * from {{ ref('int_funnel_persons_counted') }}
),

waits as (
    select * from {{ ref('int_funnel_waits_measured') }}
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

cohorts as (
    select
        outcomes.funnel_name,
        outcomes.period_grain,
        outcomes.period_start,
        outcomes.dimension,
        outcomes.dimension_value,
        cast(sum(outcomes.person_count) as bigint) as entrant_count,
        max(outcomes.window_closing_date) <= max(horizon.last_full_date)
            as is_complete
    from outcomes
    cross join horizon
    group by
        outcomes.funnel_name, outcomes.period_grain, outcomes.period_start,
        outcomes.dimension, outcomes.dimension_value
),

reached as (
    select
        outcomes.funnel_name,
        outcomes.period_grain,
        outcomes.period_start,
        outcomes.dimension,
        outcomes.dimension_value,
        steps.step_number,
        cast(sum(outcomes.person_count) as bigint) as person_count
    from outcomes
    inner join steps
        on
            outcomes.funnel_name = steps.funnel_name
            and outcomes.last_step_number >= steps.step_number
    group by
        outcomes.funnel_name, outcomes.period_grain, outcomes.period_start,
        outcomes.dimension, outcomes.dimension_value, steps.step_number
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
        waits.average_seconds_from_previous,
        waits.median_seconds_from_previous,
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
    left join waits
        on
            cohorts.funnel_name = waits.funnel_name
            and cohorts.period_grain = waits.period_grain
            and cohorts.period_start = waits.period_start
            and cohorts.dimension = waits.dimension
            and cohorts.dimension_value = waits.dimension_value
            and steps.step_number = waits.step_number
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
