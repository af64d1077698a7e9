{{ config(**read_anew(
    'int_device_dates_touched', 'event_date', cluster_by=['session_id']
)) }}

{%- do check_reading('int_events_deduplicated') %}

with

events as (
    select * from {{ ref('int_device_events_gathered') }}
),

touched as (
    select * from {{ ref('int_device_dates_touched') }}
),

compared as (
    select
        *,
        lag(occurred_at) over device as previous_occurred_at,
        last_value(user_id ignore nulls) over (
            device rows between unbounded preceding and 1 preceding
        ) as previous_user_id,
        row_number() over device as device_index
    from events
    window device as (
        partition by anonymous_id
        order by occurred_at, event_id, device_date
    )
),

-- A silence of exactly the timeout still continues. A chain is a maximal run of a
-- device's events without a pause.
chained as (
    select
        *,
        case
            when
                previous_occurred_at is null
                or {{ microseconds_between('previous_occurred_at', 'occurred_at') }}
                > {{ var('session_timeout_minutes') * 60000000 }}
                then occurred_at
        end as chain_starts_at
    from compared
),

-- A session starts after a pause, at the first event of another user, and at the
-- midnight (UTC) that ends a day through which the device never paused: its chain began
-- before that day. No other midnight and no campaign splits a session.
started as (
    select
        *,
        case
            when
                chain_starts_at is not null
                or user_id != previous_user_id
                or (
                    cast(previous_occurred_at as date) < cast(occurred_at as date)
                    and cast(max(chain_starts_at) over so_far as date)
                    < cast(previous_occurred_at as date)
                )
                then device_index
        end as session_starts_at_index
    from chained
    window so_far as (
        partition by anonymous_id
        order by device_index
        rows between unbounded preceding and current row
    )
),

-- The first event names its session, so the name is the same in every rebuild. The day
-- is part of it because an id may come back on another day.
named as (
    select
        *,
        max(session_starts_at_index) over so_far as first_index,
        last_value(
            case
                when session_starts_at_index is not null
                    then {{ dbt.hash(
                        "event_id || '|' || cast(device_date as string)"
                    ) }}
            end ignore nulls
        ) over so_far as session_id,
        last_value(
            case when session_starts_at_index is not null then event_date end
            ignore nulls
        ) over so_far as session_date
    from started
    window so_far as (
        partition by anonymous_id
        order by device_index
        rows between unbounded preceding and current row
    )
),

-- A change reaches the events of its device from its day on, until three days later.
-- The others only stand by; of some of them the beginning is out of sight.
reached as (
    {%- for days in range(4) %}
        select
            anonymous_id,
            {{ add_days('event_date', days) }} as event_date
        from touched
        where event_date <= date '9999-12-{{ 31 - days }}'
        {{ 'union distinct' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        named.event_id,
        named.device_date,
        named.event_date,
        named.session_id,
        named.session_date,
        named.device_index - named.first_index + 1 as event_index,
        {{ 'reached.event_date is not null' if has_history() else 'true' }}
            as is_reached
    from named
    left join reached
        on
            named.anonymous_id = reached.anonymous_id
            and named.event_date = reached.event_date
    where named.event_id is not null
)

select * from final
