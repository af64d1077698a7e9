with

retentions as (
    select * from {{ ref('stg_retentions') }}
),

person_periods as (
    select * from {{ ref('int_person_periods_flagged') }}
),

horizon as (
    select * from {{ ref('data_horizon') }}
),

period_numbers as (
    select * from {{ ref('period_numbers') }}
),

-- `first_ever` places a person once, `every` in each period with a start event.
starts as (
    select
        person_periods.retention_name,
        person_periods.person_id,
        person_periods.period_start as cohort_start,
        retentions.period,
        retentions.mode,
        retentions.max_periods,
        retentions.cohort_rule,
        min(person_periods.period_start) over (
            partition by person_periods.retention_name, person_periods.person_id
        ) as first_start
    from person_periods
    inner join retentions
        on person_periods.retention_name = retentions.retention_name
    where person_periods.has_start
),

members as (
    select * from starts
    where
        cohort_rule = 'every'
        or cohort_start = first_start
),

cohorts as (
    select
        retention_name,
        cohort_start,
        period,
        mode,
        max_periods,
        count(*) as cohort_size
    from members
    group by retention_name, cohort_start, period, mode, max_periods
),

returns as (
    select
        members.retention_name,
        members.cohort_start,
        members.person_id,
        members.mode,
        members.max_periods,
        {{ periods_between(
            'members.period', 'members.cohort_start', 'person_periods.period_start'
        ) }} as period_number
    from members
    inner join person_periods
        on
            members.retention_name = person_periods.retention_name
            and members.person_id = person_periods.person_id
            and members.cohort_start < person_periods.period_start
    where person_periods.has_return
),

-- Every return counts `on` its period. `on_or_after` needs the last alone: whoever came
-- back then also came back on or after every period before it.
counted_returns as (
    select
        *,
        max(period_number) over (partition by retention_name, cohort_start, person_id)
            as last_period_number
    from returns
),

returned as (
    select
        retention_name,
        cohort_start,
        case
            when mode = 'on' then period_number
            else least(period_number, max_periods)
        end as returned_period,
        count(*) as person_count
    from counted_returns
    where
        mode = 'on'
        or period_number = last_period_number
    group by retention_name, cohort_start, returned_period
),

-- The triangle: every period that has begun by the last day of the data.
cells as (
    select
        cohorts.*,
        period_numbers.n as period_number,
        {{ add_periods('cohorts.period', 'cohorts.cohort_start', 'period_numbers.n') }}
            as period_start,
        {{ add_periods('cohorts.period', 'cohorts.cohort_start', 'period_numbers.n + 1') }}
            as next_period_start
    from cohorts
    inner join period_numbers
        on cohorts.max_periods >= period_numbers.n
),

filled as (
    select
        cells.*,
        horizon.last_date,
        horizon.last_full_date,
        coalesce(returned.person_count, 0) as person_count
    from cells
    cross join horizon
    left join returned
        on
            cells.retention_name = returned.retention_name
            and cells.cohort_start = returned.cohort_start
            and cells.period_number = returned.returned_period
),

-- Period 0 holds the start event, so that everybody is there.
retained as (
    select
        filled.*,
        case
            when period_number = 0 then cohort_size
            when mode = 'on' then person_count
            else
                sum(person_count) over (
                    partition by retention_name, cohort_start
                    order by period_number desc
                    rows between unbounded preceding and current row
                )
        end as retained_count
    from filled
),

rated as (
    select
        retention_name,
        cohort_start,
        period_number,
        cohort_size,
        cast(retained_count as bigint) as retained_count,
        {{ ratio('retained_count', 'cohort_size') }} as retention_rate,
        next_period_start <= {{ add_days('last_full_date', 1) }}
            as is_complete
    from retained
    where period_start <= last_date
)

select * from rated
