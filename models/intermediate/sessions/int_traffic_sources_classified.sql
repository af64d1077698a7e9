with

traffic_sources as (
    select distinct
        referrer_domain,
        utm_source,
        utm_medium,
        utm_campaign
    from {{ ref('int_sessions_aggregated') }}
),

source_categories as (
    select * from {{ ref('source_categories') }}
),

channel_rules as (
    select * from {{ ref('stg_channel_rules') }}
),

-- Compared in lower case and trimmed, kept as they came; blank is nothing.
normalized as (
    select
        *,
        nullif(lower({{ trimmed('utm_source') }}), '') as campaign_source,
        nullif(lower({{ trimmed('utm_medium') }}), '') as campaign_medium,
        nullif(lower({{ trimmed('utm_campaign') }}), '') as campaign
    from traffic_sources
),

-- Campaign data decides, else the referrer, else the session is direct. A referrer that
-- is a search engine is an organic one, as in GA4.
located as (
    select
        *,
        coalesce(campaign_source, campaign_medium, campaign) is not null
            as has_campaign_data,
        coalesce(campaign_source, referrer_domain) as known_source
    from normalized
),

named as (
    select
        located.*,
        source_categories.category as source_category,
        coalesce(
            located.known_source,
            case when located.has_campaign_data then '(not set)' else '(direct)' end
        ) as source,
        case
            when located.has_campaign_data
                then coalesce(located.campaign_medium, '(not set)')
            when located.known_source is null then '(none)'
            when source_categories.category = 'search' then 'organic'
            else 'referral'
        end as medium
    from located
    left join source_categories
        on
            regexp_replace(located.known_source, '^www[.]', '')
            = source_categories.source
),

matched as (
    select
        named.referrer_domain,
        named.utm_source,
        named.utm_medium,
        named.utm_campaign,
        named.source,
        named.medium,
        channel_rules.channel,
        channel_rules.rule_name as matched_rule,
        row_number() over (
            partition by
                named.referrer_domain, named.utm_source,
                named.utm_medium, named.utm_campaign
            order by channel_rules.priority
        ) as rule_order
    from named
    inner join channel_rules
        on
            (
                channel_rules.source_category is null
                or named.source_category = channel_rules.source_category
            )
            and (
                channel_rules.source_pattern is null
                or {{ matches_whole('named.source', 'channel_rules.source_pattern') }}
            )
            and (
                channel_rules.medium_pattern is null
                or {{ matches_whole('named.medium', 'channel_rules.medium_pattern') }}
            )
            and (
                channel_rules.campaign_pattern is null
                or {{ matches_whole(
                    'named.campaign', 'channel_rules.campaign_pattern'
                ) }}
            )
),

decided as (
    select
        referrer_domain,
        utm_source,
        utm_medium,
        utm_campaign,
        source,
        medium,
        channel,
        matched_rule
    from matched
    where rule_order = 1
)

select * from decided
