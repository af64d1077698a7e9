{{ config(**read_anew('int_events_changed')) }}

with

changed as (
    select * from {{ ref('int_events_changed') }}
    where is_device_event
),

sign_ins as (
    select * from {{ ref('int_sign_ins_held') }}
),

-- Whether a user's first event splits a session is decided by the user before, however
-- long ago that was. So a sign-in that comes late, or goes, also touches the day of the
-- next one, on devices that several people use.
users as (
    select
        anonymous_id,
        user_id
    from changed
    where user_id is not null
    union distinct
    select
        anonymous_id,
        first_user_id as user_id
    from sign_ins
    union distinct
    select
        anonymous_id,
        last_user_id as user_id
    from sign_ins
),

shared_devices as (
    select anonymous_id from users
    group by anonymous_id
    having count(*) > 1
),

next_sign_ins as (
    select
        changed.anonymous_id,
        changed.event_date,
        min(sign_ins.event_date) as next_date
    from changed
    inner join shared_devices
        on changed.anonymous_id = shared_devices.anonymous_id
    inner join sign_ins
        on
            changed.anonymous_id = sign_ins.anonymous_id
            and changed.event_date < sign_ins.event_date
    where changed.user_id is not null
    group by changed.anonymous_id, changed.event_date
),

touched as (
    select
        anonymous_id,
        event_date
    from changed
    union distinct
    select
        anonymous_id,
        next_date as event_date
    from next_sign_ins
)

select * from touched
