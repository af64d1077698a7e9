{{ config(materialized='view') }}

with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

identities as (
    select * from {{ ref('int_sessions_identified') }}
),

session_sources as (
    select * from {{ ref('int_session_sources_decided') }}
),

traffic_sources as (
    select * from {{ ref('int_traffic_sources_classified') }}
),

converting_sessions as (
    select distinct session_id from {{ ref('conversions_mart') }}
    where session_id is not null
),

session_orders as (
    select
        orders_matched.session_id,
        count(*) as order_count,
        {{ as_decimal('sum(orders_valued.net_revenue)') }} as revenue
    from {{ ref('int_orders_matched') }} as orders_matched
    inner join {{ ref('int_orders_valued') }} as orders_valued
        on orders_matched.order_id = orders_valued.order_id
    where orders_matched.session_id is not null
    group by orders_matched.session_id
),

joined as (
    select
        sessions.session_id,
        identities.person_id,
        sessions.anonymous_id,
        sessions.user_id,

        sessions.landing_page,
        sessions.landing_host,
        sessions.exit_page,
        session_sources.referrer_domain,
        session_sources.utm_source,
        session_sources.utm_medium,
        session_sources.utm_campaign,
        session_sources.utm_term,
        session_sources.utm_content,
        session_sources.click_id,
        traffic_sources.source,
        traffic_sources.medium,
        traffic_sources.channel,
        traffic_sources.matched_rule,
        sessions.platform,
        sessions.device_category,
        sessions.country,

        identities.session_number,
        sessions.event_count,
        sessions.page_view_count,
        sessions.duration_seconds,
        sessions.engaged_seconds,
        coalesce(session_orders.order_count, 0) as order_count,
        coalesce(session_orders.revenue, {{ as_decimal(0) }}) as revenue,

        sessions.duration_seconds >= {{ var('engaged_session_seconds') }}
        or sessions.page_view_count >= 2
        or converting_sessions.session_id is not null as is_engaged,
        identities.is_bot,

        sessions.session_date,
        sessions.started_at,
        sessions.ended_at
    from sessions
    inner join identities
        on sessions.session_id = identities.session_id
    left join session_sources
        on sessions.session_id = session_sources.session_id
    left join traffic_sources
        on
            coalesce(session_sources.referrer_domain, '')
            = coalesce(traffic_sources.referrer_domain, '')
            and coalesce(session_sources.utm_source, '')
            = coalesce(traffic_sources.utm_source, '')
            and coalesce(session_sources.utm_medium, '')
            = coalesce(traffic_sources.utm_medium, '')
            and coalesce(session_sources.utm_campaign, '')
            = coalesce(traffic_sources.utm_campaign, '')
            and coalesce(session_sources.click_id_name, '')
            = coalesce(traffic_sources.click_id_name, '')
            and coalesce(session_sources.is_told, false)
            = coalesce(traffic_sources.is_told, false)
            and coalesce(session_sources.has_campaign_data, false)
            = coalesce(traffic_sources.has_campaign_data, false)
    left join converting_sessions
        on sessions.session_id = converting_sessions.session_id
    left join session_orders
        on sessions.session_id = session_orders.session_id
),

-- Bounce is the opposite of engaged, as in GA4.
final as (
    select
        *,
        not is_engaged as is_bounce
    from joined
)

select * from final
