{{ config(**replaced_by_day('click_date', cluster_by=['page'])) }}

{%- set dates = dates_to_replace() %}

with

-- Clicks and page views of the days to write and of those on which their sessions
-- began.
events as (
    select * from {{ ref('int_events_sessionized') }}
    where
        session_id is not null
        and (is_page_view or element is not null)
        and {{ on_dates('event_date', widened(dates, 2, 0)) }}
),

counted as (
    select
        *,
        count(case when is_page_view then 1 end) over (
            partition by session_id
            order by event_index
            rows between unbounded preceding and current row
        ) as view_count
    from events
),

-- The page view that a click answers: the latest of the session at or before it, if it
-- was of the click's own page. A click that names no page belongs to the page in view.
situated as (
    select
        *,
        max(case when is_page_view then coalesce(page, '') end) over (
            partition by session_id, view_count
        ) as viewed_page,
        max(case when is_page_view then occurred_at end) over (
            partition by session_id, view_count
        ) as viewed_at
    from counted
),

clicks as (
    select
        event_id,
        device_date,
        event_date as click_date,
        coalesce(page, nullif(viewed_page, ''), '(not set)') as page,
        element,
        session_id,
        case
            when viewed_page = coalesce(page, viewed_page)
                then {{ microseconds_between('viewed_at', 'occurred_at') }}
        end as microseconds_to_click
    from situated
    where
        element is not null
        and not is_page_view
        and {{ on_dates('event_date', dates) }}
)

select * from clicks
