-- Nothing is lost and nothing counted twice on the way in, on any load date; and every
-- refusal has a reason.
select
    load_date,
    raw,
    accepted,
    duplicate,
    rejected
from {{ ref('event_accounting') }}
where
    duplicate < 0
    or raw <> accepted + duplicate + rejected
    or rejected
    <> rejected_missing_event_id
    + rejected_missing_event_name
    + rejected_unparseable_occurred_at
    + rejected_missing_identity
    + rejected_time_in_future
    + rejected_time_too_old
    + rejected_malformed_properties
