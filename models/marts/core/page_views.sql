{{ config(materialized='view') }}

with

page_views as (
    select * from {{ ref('int_page_views_followed') }}
),

-- Who viewed the page is looked up and not stored, as in events.
identified as (
    select
        page_views.event_key,
        page_views.event_id,
        sessions.session_id,
        sessions.person_id,
        page_views.page,
        page_views.page_host,
        page_views.next_page,
        page_views.platform,
        page_views.dwell_seconds,
        page_views.event_index,
        page_views.is_entrance,
        page_views.is_exit,
        sessions.is_bot,
        page_views.view_date,
        page_views.viewed_at
    from page_views
    inner join {{ ref('int_sessions_identified') }} as sessions
        on page_views.session_key = sessions.session_key
)

select * from identified
