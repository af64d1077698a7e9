-- The running counts are added up from changes; counting a day's persons anew gives the
-- same.
with

counted as (
    select
        activity_date,
        count(*) as daily_active
    from {{ ref('person_activity') }}
    group by activity_date
)

select
    active_persons.activity_date,
    active_persons.daily_active,
    counted.daily_active as counted_daily_active
from {{ ref('active_persons') }} as active_persons
left join counted
    on active_persons.activity_date = counted.activity_date
where active_persons.daily_active <> coalesce(counted.daily_active, 0)
