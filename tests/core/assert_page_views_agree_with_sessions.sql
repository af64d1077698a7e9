-- Each session's count of page views is the number of its rows in page_views, of which
-- one is the entrance and one the exit.
with

counted as (
    select
        session_id,
        count(*) as page_view_count,
        count(case when is_entrance then 1 end) as entrance_count,
        count(case when is_exit then 1 end) as exit_count
    from {{ ref('page_views') }}
    group by session_id
)

select
    sessions.session_id as session_id_in_sessions,
    counted.session_id as session_id_in_page_views,
    sessions.page_view_count,
    counted.page_view_count as counted_page_view_count,
    counted.entrance_count,
    counted.exit_count
from {{ ref('sessions') }} as sessions
full outer join counted
    on sessions.session_id = counted.session_id
where
    sessions.page_view_count is distinct from coalesce(counted.page_view_count, 0)
    or counted.entrance_count <> 1
    or counted.exit_count <> 1
