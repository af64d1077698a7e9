{{ config(**replaced_by_day('view_date', cluster_by=['page'])) }}

{%- set dates = dates_to_replace() %}

with

-- The days to write and those that the sessions of these days reach into.
page_views as (
    select * from {{ ref('int_events_sessionized') }}
    where
        is_page_view
        and session_key is not null
        and {{ on_dates('event_date', dates, before=2, after=2) }}
),

sessions as (
    select
        session_key,
        ended_at
    from {{ ref('int_sessions_aggregated') }}
    where {{ on_dates('session_date', dates, before=4, after=2) }}
),

followed as (
    select
        page_views.*,
        sessions.ended_at,
        row_number() over (
            partition by page_views.session_key order by page_views.event_index
        ) as view_number,
        lead(page_views.page) over (
            partition by page_views.session_key order by page_views.event_index
        ) as next_page,
        lead(page_views.occurred_at) over (
            partition by page_views.session_key order by page_views.event_index
        ) as next_viewed_at
    from page_views
    inner join sessions
        on page_views.session_key = sessions.session_key
),

-- Dwell lasts until the next page view, on the exit page until the session's last
-- event; it is null, not zero, where nothing followed.
measured as (
    select
        event_key,
        event_id,
        session_key,
        page,
        page_host,
        next_page,
        platform,
        case
            when next_viewed_at is not null
                then {{ seconds_between('occurred_at', 'next_viewed_at') }}
            when ended_at > occurred_at
                then {{ seconds_between('occurred_at', 'ended_at') }}
        end as dwell_seconds,
        event_index,
        view_number = 1 as is_entrance,
        next_viewed_at is null as is_exit,
        event_date as view_date,
        occurred_at as viewed_at
    from followed
    where {{ on_dates('event_date', dates) }}
)

select * from measured
