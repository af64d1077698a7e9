with

ignored_values as (
    select distinct lower(value) as value from {{ ref('stg_ignored_values') }}
),

-- A text that means nobody is no id.
calls as (
    select
        calls.tracker_prefix,
        calls.other_id,
        calls.user_id,
        calls.occurred_at
    from {{ ref('int_identity_calls') }} as calls
    left join ignored_values
        on lower(calls.other_id) = ignored_values.value
    where ignored_values.value is null
),

-- A tracker does not say whether the other id is a device's or another user's: it is
-- whichever there is.
devices as (
    select
        tracker_prefix || other_id as anonymous_id,
        cast(null as string) as other_user_id,
        user_id,
        occurred_at as known_at
    from calls
),

users as (
    select
        cast(null as string) as anonymous_id,
        other_id as other_user_id,
        user_id,
        occurred_at as known_at
    from calls
),

identities as (
    select
        anonymous_id,
        other_user_id,
        user_id,
        known_at
    from {{ ref('stg_identities') }}
),

unioned as (
    select * from identities
    union all
    select * from devices
    union all
    select * from users
)

select * from unioned
