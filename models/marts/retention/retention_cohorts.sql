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

persons as (
    select
        retention_name,
        person_id,
        min(case when has_start then period_start end) as first_started_in,
        max(case when has_return then period_start end) as last_returned_in
    from person_periods
    group by retention_name, person_id
),

-- `first_ever` places a person once, `every` in each period with a start event.
members as (
    select
        person_periods.retention_name,
        person_periods.person_id,
        person_periods.period_start as cohort_start,
        persons.last_returned_in,
        retentions.period,
        retentions.mode,
        retentions.max_periods
    from person_periods
    inner join persons
        on
            person_periods.retention_name = persons.retention_name
            and person_periods.person_id = persons.person_id
    inner join retentions
        on person_periods.retention_name = retentions.retention_name
    where
        person_periods.has_start
        and (
            retentions.cohort_rule = 'every'
            or person_periods.period_start = persons.first_started_in
        )
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

-- Every return counts `on` its period. `on_or_after` needs the last alone: whoever came
-- back then also came back on or after every period before it.
returns as (
    select
        members.*,
        person_periods.period_start as returned_in
    from members
    inner join person_periods
        on
            members.retention_name = person_periods.retention_name
            and members.person_id = person_periods.person_id
            and members.cohort_start < person_periods.period_start
    where
        members.mode = 'on'
        and person_periods.has_return
    union all
    select
        *,
        last_returned_in as returned_in
    from members
    where
        mode = 'on_or_after'
        and cohort_start < last_returned_in
),

numbered as (
    select
        *,
        {{ periods_between('period', 'cohort_start', 'returned_in') }} as period_number
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
    from numbered
    group by retention_name, cohort_start, returned_period
),

-- The triangle: every period that has begun by the last day of the data.
cells as (
    select
        cohorts.*,
        period_numbers.n as period_number,
        {{ add_periods('cohorts.period', 'cohorts.cohort_start', 'period_numbers.n') }}
            as period_start,
        {{ add_periods(
            'cohorts.period', 'cohorts.cohort_start', 'period_numbers.n + 1'
        ) }} as next_period_start
    from cohorts
    inner join period_numbers
        on cohorts.max_periods >= period_numbers.n
),

-- Period 0 holds the start event, so that everybody is there.
retained as (
    select
        cells.*,
        case
            when cells.period_number = 0 then cells.cohort_size
            when cells.mode = 'on' then coalesce(returned.person_count, 0)
            else
                coalesce(sum(returned.person_count) over (
                    partition by cells.retention_name, cells.cohort_start
                    order by cells.period_number desc
                    rows between unbounded preceding and current row
                ), 0)
        end as retained_count
    from cells
    left join returned
        on
            cells.retention_name = returned.retention_name
            and cells.cohort_start = returned.cohort_start
            and cells.period_number = returned.returned_period
),

rated as (
    select
        retained.retention_name,
        retained.cohort_start,
        retained.period_number,
        retained.cohort_size,
        cast(retained.retained_count as bigint) as retained_count,
        {{ ratio('retained.retained_count', 'retained.cohort_size') }}
            as retention_rate,
        retained.next_period_start <= {{ add_days('horizon.last_full_date', 1) }}
            as is_complete
    from retained
    cross join horizon
    where retained.period_start <= horizon.last_date
)

select * from rated
