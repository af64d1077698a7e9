{{ config(materialized='view') }}

with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

identities as (
    select * from {{ ref('int_sessions_identified') }}
),

channels as (
    select * from {{ ref('int_session_channels') }}
),

carried as (
    select * from {{ ref('int_session_sources_carried') }}
),

converting_sessions as (
    select distinct session_id from {{ ref('conversions_mart') }}
    where session_id is not null
),

session_orders as (
    select
        orders_matched.session_key,
        count(case when orders_valued.counts_as_sale then 1 end) as order_count,
        {{ as_money('sum(orders_valued.reporting_revenue)') }} as revenue
    from {{ ref('int_orders_matched') }} as orders_matched
    inner join {{ ref('int_orders_valued') }} as orders_valued
        on orders_matched.order_id = orders_valued.order_id
    where orders_matched.session_key is not null
    group by orders_matched.session_key
),

joined as (
    select
        identities.session_id,
        identities.person_id,
        sessions.anonymous_id,
        sessions.user_id,

        sessions.landing_page,
        sessions.landing_host,
        sessions.exit_page,
        channels.referrer_domain,
        channels.utm_source,
        channels.utm_medium,
        channels.utm_campaign,
        channels.utm_term,
        channels.utm_content,
        channels.click_id,
        channels.source,
        channels.medium,
        channels.channel,
        channels.matched_rule,
        coalesce(carried.source, channels.source) as last_non_direct_source,
        coalesce(carried.medium, channels.medium) as last_non_direct_medium,
        case
            when carried.session_key is null then channels.utm_campaign
            else carried.campaign
        end as last_non_direct_campaign,
        coalesce(carried.channel, channels.channel) as last_non_direct_channel,
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
        on sessions.session_key = identities.session_key
    left join channels
        on sessions.session_key = channels.session_key
    left join carried
        on sessions.session_key = carried.session_key
    left join converting_sessions
        on identities.session_id = converting_sessions.session_id
    left join session_orders
        on sessions.session_key = session_orders.session_key
),

-- Bounce is the opposite of engaged, as in GA4.
final as (
    select
        *,
        not is_engaged as is_bounce
    from joined
)

select * from final
