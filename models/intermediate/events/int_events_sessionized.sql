{{ config(partition_by=partitioned_by_day('event_date'), cluster_by=['anonymous_id']) }}

with

-- Server events happen on no device, whatever ids they carry.
events as (
    select
        *,
        {{ reporting_date('occurred_at') }} as event_date,
        anonymous_id is not null and coalesce(lower(platform), '') != 'server'
            as is_device_event
    from {{ ref('int_events_deduplicated') }}
    where copy_number = 1
),

-- An event without a device is a timeline of its own.
timelines as (
    select
        *,
        case when is_device_event then anonymous_id else event_id end as timeline_id
    from events
),

compared as (
    select
        *,
        lag(occurred_at) over timeline as previous_occurred_at,
        last_value(user_id ignore nulls) over (
            timeline rows between unbounded preceding and 1 preceding
        ) as previous_user_id,
        row_number() over timeline as timeline_index
    from timelines
    window timeline as (
        partition by is_device_event, timeline_id
        order by occurred_at, event_id, device_date
    )
),

-- A silence of exactly the timeout still continues.
paused as (
    select
        *,
        previous_occurred_at is null
        or {{ microseconds_between('previous_occurred_at', 'occurred_at') }}
        > {{ var('session_timeout_minutes') * 60000000 }} as follows_pause
    from compared
),

-- A chain is a maximal run of a device's events without a pause.
chained as (
    select
        *,
        max(case when follows_pause then occurred_at end) over (
            partition by is_device_event, timeline_id
            order by occurred_at, event_id, device_date
            rows between unbounded preceding and current row
        ) as chain_started_at
    from paused
),

-- A session starts after a pause, at the first event of another user, and at the
-- midnight (UTC) that ends a day through which the device never paused: its chain began
-- before that day. No other midnight and no campaign splits a session.
started as (
    select
        *,
        follows_pause
        or coalesce(user_id != previous_user_id, false)
        or (
            cast(previous_occurred_at as date) < cast(occurred_at as date)
            and cast(chain_started_at as date) < cast(previous_occurred_at as date)
        ) as starts_session
    from chained
),

-- The first event names its session, so the name is the same in every rebuild. The day
-- is part of it because an id may come back on another day.
named as (
    select
        *,
        last_value(
            case
                when starts_session and is_device_event
                    then {{ dbt.hash(
                        "event_id || '|' || cast(device_date as string)"
                    ) }}
            end ignore nulls
        ) over session_so_far as session_id,
        max(case when starts_session and is_device_event then timeline_index end)
            over session_so_far as session_timeline_index
    from started
    window session_so_far as (
        partition by is_device_event, timeline_id
        order by occurred_at, event_id, device_date
        rows between unbounded preceding and current row
    )
),

sessionized as (
    select
        event_id,
        anonymous_id,
        user_id,
        session_id,
        {{ json_property('properties', 'order_id') }} as order_id,

        event_name,
        normalized_event_name,
        platform,
        app_version,
        page,
        page_url,
        page_title,
        page_referrer,
        element,
        user_agent,
        device_category,
        os,
        browser,
        country,
        language,
        properties,

        timeline_index - session_timeline_index + 1 as event_index,

        is_device_event,
        normalized_event_name in (
            {%- for event_name in var('page_view_events') -%}
                '{{ event_name | lower }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
        ) as is_page_view,

        event_date,
        device_date,
        occurred_at,
        device_occurred_at,
        received_at,
        loaded_at
    from named
)

select * from sessionized
