with

clicks as (
    select clicks.* from {{ ref('int_element_clicks_timed') }} as clicks
    inner join {{ ref('int_sessions_identified') }} as sessions
        on clicks.session_key = sessions.session_key
    where not sessions.is_bot
),

compared as (
    select
        *,
        {{ median_input(
            'microseconds_to_click', 'click_date, page, page_host, element'
        ) }}
            as median_input
    from clicks
),

counted as (
    select
        click_date,
        page,
        page_host,
        element,
        count(*) as click_count,
        count(distinct session_key) as clicking_session_count,
        {{ as_seconds(median_of('median_input')) }}
            as median_seconds_to_click
    from compared
    group by click_date, page, page_host, element
),

views as (
    select
        view_date,
        page,
        page_host,
        count(*) as page_view_count
    from {{ ref('page_views') }}
    where not is_bot
    group by view_date, page, page_host
),

rated as (
    select
        counted.click_date,
        counted.page,
        counted.page_host,
        counted.element,
        coalesce(views.page_view_count, 0) as page_view_count,
        counted.click_count,
        counted.clicking_session_count,
        {{ ratio('counted.click_count', 'views.page_view_count') }}
            as click_through_rate,
        counted.median_seconds_to_click
    from counted
    left join views
        on
            counted.click_date = views.view_date
            and counted.page = views.page
            and coalesce(counted.page_host, '') = coalesce(views.page_host, '')
)

select * from rated
