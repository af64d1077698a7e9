{{ config(**replaced_by_day('session_date', sliced_as=event_table_name())) }}

{%- set dates = dates_to_replace() %}

with

-- Events that can tell where a visit came from, or on which host it was. A session ends
-- on the second day after it began at the latest.
events as (
    select * from {{ ref('int_events_sessionized') }}
    where
        session_key is not null
        and not is_duplicate
        and (
            page_url is not null
            or page_referrer is not null
            or source is not null
            or medium is not null
            or campaign is not null
            or click_id is not null
            or is_page_view
        )
        and {{ on_dates('session_date', dates) }}
        and {{ on_dates('event_date', dates, after=2) }}
),

-- What the tracker says goes before what the address says; source and medium are one
-- statement, which is not put together from both.
parsed as (
    select
        session_key,
        session_date,
        event_index,
        is_page_view,
        page_host,
        {{ told('source') }} as told_source,
        {{ told('medium') }} as told_medium,
        {{ told('campaign') }} as told_campaign,
        {{ told('term') }} as told_term,
        {{ told('content') }} as told_content,
        {{ told('click_id') }} as told_click_id,
        {{ url_host('page_referrer') }} as referrer_host,
        {{ address_parameters('page_url') }} as url_parameters
    from events
),

stated as (
    select
        session_key,
        session_date,
        event_index,
        page_host,
        referrer_host,
        coalesce(told_source, told_medium) is not null as is_told,
        case
            when coalesce(told_source, told_medium) is not null then told_source
            else {{ address_parameter('url_parameters', 'utm_source') }}
        end as utm_source,
        case
            when coalesce(told_source, told_medium) is not null then told_medium
            else {{ address_parameter('url_parameters', 'utm_medium') }}
        end as utm_medium,
        coalesce(
            told_campaign, {{ address_parameter('url_parameters', 'utm_campaign') }}
        ) as utm_campaign,
        coalesce(told_term, {{ address_parameter('url_parameters', 'utm_term') }})
            as utm_term,
        coalesce(told_content, {{ address_parameter('url_parameters', 'utm_content') }})
            as utm_content,
        {{ address_parameter('url_parameters', 'utm_id') }} as utm_id,
        coalesce(
            told_click_id,
            {{ address_parameter('url_parameters', paid_click_ids()) }},
            {{ address_parameter('url_parameters', free_click_ids()) }}
        ) as click_id,
        coalesce(
            {{ click_id_name_of_value('told_click_id') }},
            {{ click_id_name('url_parameters') }}
        ) as click_id_name
    from parsed
),

-- The first page is the first page view; in a visit without one the first event with an
-- address or a referrer. An event without an address lies on the visit's host.
visits as (
    select
        session_key,
        session_date,
        coalesce(min(case when is_page_view then event_index end), min(event_index))
            as first_page_index,
        {{ value_at_first(
            'page_host', 'case when page_host is not null then event_index end'
        ) }} as site_host
    from parsed
    group by session_key, session_date
),

-- A referrer in the middle of a visit says nothing by itself: a payment page and a
-- sign-in are referrers too.
judged as (
    select
        stated.*,
        visits.site_host,
        case
            when not coalesce({{ is_same_site(
                'stated.referrer_host', 'coalesce(stated.page_host, visits.site_host)'
            ) }}, false)
                then stated.referrer_host
        end as referrer_domain,
        coalesce(
            stated.utm_source, stated.utm_medium, stated.utm_campaign, stated.utm_term,
            stated.utm_content, stated.utm_id
        ) is not null as has_campaign_data,
        stated.event_index <= visits.first_page_index as is_at_the_first_page
    from stated
    inner join visits
        on
            stated.session_key = visits.session_key
            and stated.session_date = visits.session_date
),

-- A tracker that repeats the source on every event says it once.
found as (
    select
        session_key,
        session_date,
        referrer_domain,
        site_host,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_term,
        utm_content,
        click_id,
        click_id_name,
        is_told,
        has_campaign_data,
        min(event_index) as event_index
    from judged
    where
        has_campaign_data
        or click_id_name is not null
        or (referrer_domain is not null and is_at_the_first_page)
    group by
        session_key, session_date, referrer_domain, site_host, is_told, utm_source,
        utm_medium, utm_campaign, utm_term, utm_content, click_id, click_id_name,
        has_campaign_data
)

select * from found
