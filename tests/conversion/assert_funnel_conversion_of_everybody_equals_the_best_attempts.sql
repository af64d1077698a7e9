-- Over all periods and dimensions, a step's persons are those whose best attempt
-- reached it. Two ways to the same figure.
with

attempts as (
    select * from {{ ref('funnel_attempts') }}
    where is_best
),

steps as (
    select distinct
        funnel_name,
        step_number
    from {{ ref('stg_funnel_steps') }}
),

expected as (
    select
        attempts.funnel_name,
        steps.step_number,
        count(case when attempts.last_step_number >= steps.step_number then 1 end)
            as person_count
    from attempts
    inner join steps
        on attempts.funnel_name = steps.funnel_name
    group by attempts.funnel_name, steps.step_number
),

reported as (
    select
        funnel_name,
        step_number,
        person_count
    from {{ ref('funnel_conversion') }}
    where
        period_grain = 'all'
        and dimension = 'all'
)

select
    expected.person_count as expected_person_count,
    reported.person_count as reported_person_count,
    coalesce(expected.funnel_name, reported.funnel_name) as funnel_name,
    coalesce(expected.step_number, reported.step_number) as step_number
from expected
full outer join reported
    on
        expected.funnel_name = reported.funnel_name
        and expected.step_number = reported.step_number
where expected.person_count is distinct from reported.person_count
