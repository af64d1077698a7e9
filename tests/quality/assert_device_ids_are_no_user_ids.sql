-- A device that nobody signs in on is a person under its own id. Where that id is also
-- a user's, two people become one; let the tracker draw device ids at random.
{{ config(severity='warn') }}

with

devices as (
    select distinct anonymous_id from {{ ref('events') }}
    where
        anonymous_id is not null
        and {{ on_every_day('event_date') }}
),

users as (
    select user_id from {{ ref('stg_users') }}
    union distinct
    select user_id from {{ ref('events') }}
    where {{ on_every_day('event_date') }}
)

select devices.anonymous_id
from devices
inner join users
    on devices.anonymous_id = users.user_id
