with

events as (
    select * from {{ ref('events') }}
    where
        session_id is not null
        and not is_bot
),

-- The page view that a click answers: the latest of the session at or before it, if it
-- was of the click's own page. A click that names no page belongs to the page in view.
situated as (
    select
        *,
        last_value(
            case when is_page_view then coalesce(page, '') end ignore nulls
        ) over so_far as viewed_page,
        max(case when is_page_view then occurred_at end) over so_far as viewed_at
    from events
    window so_far as (
        partition by session_id
        order by event_index
        rows between unbounded preceding and current row
    )
),

clicks as (
    select
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
),

medians as (
    select
        *,
        {{ median_over('microseconds_to_click', 'click_date, page, element') }}
            as median_microseconds_to_click
    from clicks
),

counted as (
    select
        click_date,
        page,
        element,
        count(*) as click_count,
        count(distinct session_id) as clicking_session_count,
        {{ as_seconds('max(median_microseconds_to_click)') }} as median_seconds_to_click
    from medians
    group by click_date, page, element
),

views as (
    select
        event_date as view_date,
        page,
        count(*) as page_view_count
    from events
    where is_page_view
    group by view_date, page
),

rated as (
    select
        counted.click_date,
        counted.page,
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
)

select * from rated
