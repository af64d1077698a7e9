{{ config(**replaced_by_day(
    'session_date', cluster_by=['anonymous_id'], sliced_as=event_table_name()
)) }}

{%- set dates = dates_to_replace() %}

with

-- A session ends on the second day after it began at the latest.
events as (
    select * from {{ ref('int_events_sessionized') }}
    where
        session_key is not null
        and {{ on_dates('session_date', dates) }}
        and {{ on_dates('event_date', dates, after=2) }}
),

parsed as (
    select
        *,
        {{ as_decimal(json_property('properties', 'engagement_msec')) }}
            as engagement_msec
    from events
),

-- More than a day of engagement in one event is a tracker's mistake.
judged as (
    select
        *,
        case
            when engagement_msec between 0 and 86400000
                then cast(round(engagement_msec * 1000, 0) as bigint)
        end as engagement_microseconds
    from parsed
),

-- The place of the event in the session, where the event can tell the thing in
-- question. A server that relays events names no platform and its own user agent; it is
-- asked last, after events with a platform and page views.
placed as (
    select
        *,
        case when is_page_view then event_index end as page_view_index,
        case when platform is not null then event_index end as platform_index,
        case when device_category is not null then event_index end as device_index,
        case when country is not null then event_index end as country_index,
        case
            when user_agent is null then null
            when platform is not null then event_index
            when is_page_view then 1000000000 + event_index
            else 2000000000 + event_index
        end as user_agent_index
    from judged
),

-- The first event that carries a page, a platform, … decides that.
aggregated as (
    select
        session_key,
        session_date,
        min(anonymous_id) as anonymous_id,
        max(user_id) as user_id,

        {{ value_at_first('page', 'page_view_index') }} as landing_page,
        {{ value_at_first('page_host', 'page_view_index') }} as landing_host,
        {{ value_at_last('page', 'page_view_index') }} as exit_page,
        {{ value_at_first('platform', 'platform_index') }} as platform,
        {{ value_at_first('device_category', 'device_index') }} as device_category,
        {{ value_at_first('country', 'country_index') }} as country,
        {{ value_at_first('user_agent', 'user_agent_index') }} as user_agent,

        count(*) as event_count,
        count(page_view_index) as page_view_count,
        cast(sum(engagement_microseconds) as bigint) as engagement_microseconds,

        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        min(case when is_page_view then occurred_at end) as first_page_viewed_at
    from placed
    group by session_key, session_date
),

-- Read by themselves, since DuckDB would store whole events that are read twice.
pings as (
    {{ measured_pings(
        ref('int_events_sessionized'),
        on_dates('session_date', dates) ~ ' and ' ~ on_dates('event_date', dates, after=2)
    ) }}
),

engaged as (
    select
        aggregated.*,
        pings.ping_microseconds
    from aggregated
    left join pings
        on aggregated.session_key = pings.session_key
),

measured as (
    select
        session_key,
        anonymous_id,
        user_id,

        landing_page,
        landing_host,
        exit_page,
        platform,
        device_category,
        country,
        user_agent,

        event_count,
        page_view_count,
        {{ seconds_between('started_at', 'ended_at') }} as duration_seconds,
        -- The tracker's own measure where it sends one, else the time from the first
        -- page view to the last event, in which no silence is longer than the timeout.
        {{ as_seconds(
            'coalesce(engagement_microseconds + ping_microseconds, '
            ~ 'engagement_microseconds, ping_microseconds, '
            ~ microseconds_between('first_page_viewed_at', 'ended_at') ~ ', 0)'
        ) }} as engaged_seconds,

        session_date,
        started_at,
        ended_at
    from engaged
)

select * from measured
