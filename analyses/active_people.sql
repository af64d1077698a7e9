-- How many of our people are active per day, week and month?
--
-- One row per full week, the newest first. `daily` is the mean of its seven days;
-- `weekly` and `monthly` count whoever was active in the 7 and 30 days that end with
-- it. Stickiness is daily by monthly. The first 29 days of the data look back on less
-- than a month, which makes the oldest weeks look sticky.
with

days as (
    select
        *,
        {{ week_start('activity_date') }} as week_start
    from {{ ref('active_persons') }}
),

averaged as (
    select
        activity_date as week_ending,
        weekly_active as weekly,
        monthly_active as monthly,
        sum(daily_active) over (partition by week_start) as person_days,
        count(*) over (partition by week_start) as day_count,
        row_number() over (partition by week_start order by activity_date) as day_number
    from days
),

rated as (
    select
        week_ending,
        round(person_days / 7, 1) as daily,
        weekly,
        monthly,
        round({{ ratio('person_days', '(7 * monthly)') }}, 3) as stickiness
    from averaged
    where
        day_count = 7
        and day_number = 7
)

select * from rated
order by week_ending desc
