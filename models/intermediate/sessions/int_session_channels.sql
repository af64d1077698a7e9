{{ config(materialized='view') }}

with

sessions as (
    select
        session_key,
        referrer_domain,
        utm_source,
        utm_medium,
        utm_campaign
    from {{ ref('int_sessions_aggregated') }}
),

traffic_sources as (
    select * from {{ ref('int_traffic_sources_classified') }}
),

channeled as (
    select
        sessions.session_key,
        traffic_sources.source,
        traffic_sources.medium,
        traffic_sources.channel,
        traffic_sources.matched_rule
    from sessions
    left join traffic_sources
        on
            coalesce(sessions.referrer_domain, '')
            = coalesce(traffic_sources.referrer_domain, '')
            and coalesce(sessions.utm_source, '')
            = coalesce(traffic_sources.utm_source, '')
            and coalesce(sessions.utm_medium, '')
            = coalesce(traffic_sources.utm_medium, '')
            and coalesce(sessions.utm_campaign, '')
            = coalesce(traffic_sources.utm_campaign, '')
)

select * from channeled
