with

named as (
    select * from {{ ref('int_traffic_sources_named') }}
),

channel_rules as (
    select * from {{ ref('stg_channel_rules') }}
),

matched as (
    select
        named.referrer_domain,
        named.utm_source,
        named.utm_medium,
        named.utm_campaign,
        named.click_id_name,
        named.is_told,
        named.has_campaign_data,
        named.source,
        named.medium,
        channel_rules.channel,
        channel_rules.rule_name as matched_rule,
        row_number() over (
            partition by
                named.referrer_domain, named.utm_source, named.utm_medium,
                named.utm_campaign, named.click_id_name, named.is_told,
                named.has_campaign_data
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
            and (
                channel_rules.click_id_pattern is null
                or {{ matches_whole(
                    'named.click_id_name', 'channel_rules.click_id_pattern'
                ) }}
            )
),

first_matched as (
    select
        referrer_domain,
        utm_source,
        utm_medium,
        utm_campaign,
        click_id_name,
        is_told,
        has_campaign_data,
        source,
        medium,
        channel,
        matched_rule
    from matched
    where rule_order = 1
)

select * from first_matched
