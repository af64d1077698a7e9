with

activity as (
    select
        person_id,
        activity_date,
        lead(activity_date) over (partition by person_id order by activity_date)
            as next_date
    from {{ ref('person_activity') }}
),

horizon as (
    select * from {{ ref('data_horizon') }}
),

-- From an active day on a person stays in the seven-day count for seven days and in the
-- thirty-day count for thirty, or until the next active day takes over.
changes as (
    select
        activity_date as change_date,
        1 as daily_change,
        1 as weekly_change,
        1 as monthly_change
    from activity
    union all
    select
        {{ add_days('activity_date', 1) }} as change_date,
        -1 as daily_change,
        0 as weekly_change,
        0 as monthly_change
    from activity
    union all
    select
        least(
            {{ add_days('activity_date', 7) }},
            coalesce(next_date, {{ add_days('activity_date', 7) }})
        ) as change_date,
        0 as daily_change,
        -1 as weekly_change,
        0 as monthly_change
    from activity
    union all
    select
        least(
            {{ add_days('activity_date', 30) }},
            coalesce(next_date, {{ add_days('activity_date', 30) }})
        ) as change_date,
        0 as daily_change,
        0 as weekly_change,
        -1 as monthly_change
    from activity
),

changes_by_date as (
    select
        change_date,
        sum(daily_change) as daily_change,
        sum(weekly_change) as weekly_change,
        sum(monthly_change) as monthly_change
    from changes
    group by change_date
),

-- Every day of the data stands here, a quiet one too.
days as (
    {{ days_of('horizon', 'first_date', 'last_date') }}
),

summed as (
    select
        days.date_day as activity_date,
        sum(changes_by_date.daily_change) over (
            order by days.date_day rows between unbounded preceding and current row
        ) as daily_active,
        sum(changes_by_date.weekly_change) over (
            order by days.date_day rows between unbounded preceding and current row
        ) as weekly_active,
        sum(changes_by_date.monthly_change) over (
            order by days.date_day rows between unbounded preceding and current row
        ) as monthly_active
    from days
    left join changes_by_date
        on days.date_day = changes_by_date.change_date
),

rated as (
    select
        activity_date,
        cast(coalesce(daily_active, 0) as bigint) as daily_active,
        cast(coalesce(weekly_active, 0) as bigint) as weekly_active,
        cast(coalesce(monthly_active, 0) as bigint) as monthly_active,
        {{ ratio('daily_active', 'monthly_active') }} as stickiness
    from summed
)

select * from rated
