{{ config(**replaced_by_day('click_date', cluster_by=['page'])) }}

{%- set dates = dates_to_replace() %}

with

-- Clicks and page views of the days to write and of those on which their sessions
-- began.
events as (
    select * from {{ ref('int_events_sessionized') }}
    where
        session_key is not null
        and (is_page_view or element is not null)
        and {{ on_dates('event_date', dates, before=2) }}
),

counted as (
    select
        *,
        count(case when is_page_view then 1 end) over (
            partition by session_key
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
            partition by session_key, view_count
        ) as viewed_page,
        max(case when is_page_view then coalesce(page_host, '') end) over (
            partition by session_key, view_count
        ) as viewed_page_host,
        max(case when is_page_view then occurred_at end) over (
            partition by session_key, view_count
        ) as viewed_at
    from counted
),

clicks as (
    select
        event_key,
        event_date as click_date,
        coalesce(page, nullif(viewed_page, ''), '(not set)') as page,
        case
            when page is null then nullif(viewed_page_host, '')
            else page_host
        end as page_host,
        element,
        session_key,
        case
            when
                viewed_page = coalesce(page, viewed_page)
                and viewed_page_host = coalesce(page_host, viewed_page_host)
                then {{ microseconds_between('viewed_at', 'occurred_at') }}
        end as microseconds_to_click
    from situated
    where
        element is not null
        and not is_page_view
        and {{ on_dates('event_date', dates) }}
)

select * from clicks
