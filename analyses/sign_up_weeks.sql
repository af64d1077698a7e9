-- Which week's sign-ups came back?
--
-- One row per calendar week of sign-up. `week_1` is the share that was active in the
-- week after it, `week_8` eight weeks after. Null where that week was not over by the
-- last full day of the data: half a week is no answer.
with

cells as (
    select
        cohort_start,
        cohort_size,
        period_number,
        case when is_complete then round(retention_rate, 2) end as returned
    from {{ ref('retention_cohorts') }}
    where retention_name = 'sign_up_weeks'
),

pivoted as (
    select
        cohort_start as sign_up_week,
        max(cohort_size) as signed_up,
        max(case when period_number = 1 then returned end) as week_1,
        max(case when period_number = 2 then returned end) as week_2,
        max(case when period_number = 4 then returned end) as week_4,
        max(case when period_number = 8 then returned end) as week_8
    from cells
    group by cohort_start
)

select * from pivoted
order by sign_up_week
