-- A retry repeats the id and the device's time. An id that comes back on another day is
-- a tracker's defect: each day's row is kept as an event of its own. Look for ids that
-- are counted up from a restart, or a device whose clock jumps between retries.
{{ config(severity='warn') }}

select
    event_id,
    coalesce(anonymous_id, user_id) as anonymous_id,
    count(*) as day_count,
    min(device_date) as first_date,
    max(device_date) as last_date
from {{ ref('events') }}
where {{ on_every_day('event_date') }}
group by event_id, coalesce(anonymous_id, user_id)
having count(*) > 1
