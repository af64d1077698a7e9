-- An empty text means nothing known, and is null in every column.
select
    event_id,
    event_name,
    anonymous_id,
    user_id,
    platform,
    page,
    element,
    country
from {{ ref('events') }}
where
    {{ on_every_day('event_date') }}
    and '' in (
        event_id, event_name, coalesce(anonymous_id, '-'), coalesce(user_id, '-'),
        coalesce(platform, '-'), coalesce(app_version, '-'), coalesce(page, '-'),
        coalesce(page_url, '-'), coalesce(page_title, '-'),
        coalesce(page_referrer, '-'), coalesce(element, '-'),
        coalesce(user_agent, '-'), coalesce(device_category, '-'),
        coalesce(os, '-'), coalesce(browser, '-'), coalesce(country, '-'),
        coalesce(language, '-'), coalesce(properties, '-')
    )
