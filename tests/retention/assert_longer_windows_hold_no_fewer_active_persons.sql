-- Whoever is active on a day is active in the seven and the thirty days that end with
-- it.
select
    activity_date,
    daily_active,
    weekly_active,
    monthly_active
from {{ ref('active_persons') }}
where
    daily_active > weekly_active
    or weekly_active > monthly_active
    or daily_active < 0
