-- Where do people leave the checkout?
--
-- One row per step. A person counts with the best of all attempts; `left_here` got to
-- this step and not to the next. `web` and `apps` give the leaving rate of those who
-- began there. Attempts of the last hour of the data may still go on.
with

checkout as (
    select
        step_number,
        step_name,
        person_count,
        case
            when dimension = 'all' then 'all'
            when dimension_value in ('ios', 'android') then 'apps'
            else dimension_value
        end as begun_on
    from {{ ref('funnel_conversion') }}
    where
        funnel_name = 'checkout'
        and period_grain = 'all'
        and dimension in ('all', 'platform')
),

steps as (
    select
        begun_on,
        step_number,
        step_name,
        sum(person_count) as persons
    from checkout
    group by begun_on, step_number, step_name
),

followed as (
    select
        *,
        persons - lead(persons) over (
            partition by begun_on
            order by step_number
        ) as left_here
    from steps
),

rated as (
    select
        *,
        round({{ ratio('left_here', 'persons') }}, 3) as leaving_rate
    from followed
),

pivoted as (
    select
        step_number,
        step_name,
        max(case when begun_on = 'all' then persons end) as persons,
        max(case when begun_on = 'all' then left_here end) as left_here,
        max(case when begun_on = 'all' then leaving_rate end) as leaving_rate,
        max(case when begun_on = 'web' then leaving_rate end) as web,
        max(case when begun_on = 'apps' then leaving_rate end) as apps
    from rated
    group by step_number, step_name
)

select
    step_name,
    persons,
    left_here,
    leaving_rate,
    web,
    apps
from pivoted
order by step_number
