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

bounded as (
    select
        *,
        min(case when has_start then period_start end)
            over (partition by retention_name, person_id) as first_started_in,
        max(case when has_return then period_start end)
            over (partition by retention_name, person_id) as last_returned_in
    from person_periods
),

-- `first_ever` places a person once, `every` in each period with a start event.
members as (
    select
        bounded.retention_name,
        bounded.person_id,
        bounded.period_start as cohort_start,
        bounded.last_returned_in,
        retentions.period,
        retentions.mode,
        retentions.max_periods
    from bounded
    inner join retentions
        on bounded.retention_name = retentions.retention_name
    where
        bounded.has_start
        and (
            retentions.cohort_rule = 'every'
            or bounded.period_start = bounded.first_started_in
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
        {{ periods_between(
            'members.period', 'members.cohort_start', 'person_periods.period_start'
        ) }} as period_number
    from members
    inner join person_periods
        on
            members.retention_name = person_periods.retention_name
            and members.person_id = person_periods.person_id
            and members.cohort_start < person_periods.period_start
    where
        person_periods.has_return
        and (
            members.mode = 'on'
            or members.last_returned_in = person_periods.period_start
        )
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
    from returns
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
