{{ config(materialized='view') }}

with

sessions as (
    select session_key from {{ ref('int_sessions_aggregated') }}
),

session_sources as (
    select * from {{ ref('int_session_sources_decided') }}
),

traffic_sources as (
    select * from {{ ref('int_traffic_sources_classified') }}
),

channeled as (
    select
        sessions.session_key,
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
        traffic_sources.matched_rule
    from sessions
    left join session_sources
        on sessions.session_key = session_sources.session_key
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
)

select * from channeled
