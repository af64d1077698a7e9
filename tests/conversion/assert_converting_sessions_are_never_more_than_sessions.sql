-- A session converts once or not at all, and every person's session is asked.
with

sessions as (
    select count(*) as session_count from {{ ref('sessions') }}
    where not is_bot
),

asked as (
    select
        conversion_name,
        sum(session_count) as session_count,
        sum(converting_session_count) as converting_session_count,
        max(conversion_rate) as greatest_conversion_rate
    from {{ ref('session_conversion') }}
    group by conversion_name
)

select
    asked.conversion_name,
    asked.session_count as asked_session_count,
    asked.converting_session_count,
    asked.greatest_conversion_rate,
    sessions.session_count
from asked
cross join sessions
where
    asked.session_count <> sessions.session_count
    or asked.greatest_conversion_rate > 1
