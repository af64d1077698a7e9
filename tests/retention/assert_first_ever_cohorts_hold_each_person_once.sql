-- The cohorts of a first_ever retention add up to its persons; those of `every` hold
-- each person at least once.
with

starters as (
    select
        person_periods.retention_name,
        count(distinct person_periods.person_id) as person_count
    from {{ ref('int_person_periods_flagged') }} as person_periods
    cross join {{ ref('data_horizon') }} as horizon
    where
        person_periods.has_start
        and person_periods.period_start <= horizon.last_date
    group by person_periods.retention_name
),

cohorts as (
    select
        retention_name,
        sum(cohort_size) as member_count
    from {{ ref('retention_cohorts') }}
    where period_number = 0
    group by retention_name
)

select
    retentions.retention_name,
    retentions.cohort_rule,
    starters.person_count,
    cohorts.member_count
from {{ ref('stg_retentions') }} as retentions
left join starters
    on retentions.retention_name = starters.retention_name
left join cohorts
    on retentions.retention_name = cohorts.retention_name
where
    coalesce(cohorts.member_count, 0) < coalesce(starters.person_count, 0)
    or (
        retentions.cohort_rule = 'first_ever'
        and coalesce(cohorts.member_count, 0) <> coalesce(starters.person_count, 0)
    )
