-- Which button on the home page is used, and after how long?
--
-- One row per element of the home page, the web's and the apps' together; name your own
-- pages below. `clicks_per_view` divides by every view of the page, days without a
-- click included. `seconds_to_click` is the mean of the daily medians, each weighted by
-- its clicks, since medians of days do not add up.
with

home_views as (
    select count(*) as view_count
    from {{ ref('page_views') }}
    where
        page in ('/', 'Home')
        and not is_bot
),

home_clicks as (
    select
        element,
        click_count,
        clicking_session_count,
        case when median_seconds_to_click is not null then click_count end
            as timed_click_count,
        click_count * median_seconds_to_click as weighted_seconds
    from {{ ref('element_clicks') }}
    where page in ('/', 'Home')
),

added_up as (
    select
        element,
        sum(click_count) as clicks,
        sum(clicking_session_count) as clicking_sessions,
        round({{ ratio('sum(weighted_seconds)', 'sum(timed_click_count)') }}, 1)
            as seconds_to_click
    from home_clicks
    group by element
),

rated as (
    select
        added_up.element,
        added_up.clicks,
        added_up.clicking_sessions,
        round({{ ratio('added_up.clicks', 'home_views.view_count') }}, 3)
            as clicks_per_view,
        added_up.seconds_to_click
    from added_up
    cross join home_views
)

select * from rated
order by clicks desc
