with

decided as (
    select distinct
        referrer_domain,
        utm_source,
        utm_medium,
        utm_campaign,
        click_id_name,
        is_told,
        has_campaign_data
    from {{ ref('int_session_sources_decided') }}
),

source_categories as (
    select * from {{ ref('source_categories') }}
),

click_ids as (
    select * from {{ ref('click_ids') }}
),

-- A visit without a source is direct.
traffic_sources as (
    select * from decided
    union distinct
    select
        cast(null as string) as referrer_domain,
        cast(null as string) as utm_source,
        cast(null as string) as utm_medium,
        cast(null as string) as utm_campaign,
        cast(null as string) as click_id_name,
        false as is_told,
        false as has_campaign_data
),

-- Compared in lower case and trimmed, kept as they came; blank is nothing.
normalized as (
    select
        traffic_sources.*,
        nullif(lower({{ trimmed('traffic_sources.utm_source') }}), '')
            as campaign_source,
        nullif(lower({{ trimmed('traffic_sources.utm_medium') }}), '')
            as campaign_medium,
        nullif(lower({{ trimmed('traffic_sources.utm_campaign') }}), '') as campaign,
        click_ids.source as click_source,
        nullif(click_ids.medium, '') as click_medium
    from traffic_sources
    left join click_ids
        on traffic_sources.click_id_name = click_ids.click_id_name
),

-- What the tracker says decides, then the click id of an ad, campaign data, a click id
-- that any click may have (which names no medium), the referrer.
located as (
    select
        *,
        click_medium is not null and not coalesce(is_told, false) as is_paid_click,
        coalesce(has_campaign_data, false)
        or coalesce(campaign_source, campaign_medium, campaign) is not null
            as is_campaign,
        case
            when click_medium is not null and not coalesce(is_told, false)
                then click_source
            else coalesce(campaign_source, click_source, referrer_domain)
        end as known_source
    from normalized
),

-- A source is looked up by itself, then by its parents; one that is an address by its
-- host.
hosts as (
    select distinct
        known_source,
        coalesce(
            {{ url_host('known_source') }}, regexp_replace(known_source, '^www[.]', '')
        ) as host
    from located
    where known_source is not null
),

named_hosts as (
    select distinct host from hosts
),

hosts_and_parents as (
    {{ hosts_and_parents('named_hosts') }}
),

looked_up as (
    select
        hosts_and_parents.host,
        source_categories.category,
        row_number() over (
            partition by hosts_and_parents.host
            order by hosts_and_parents.level
        ) as place
    from hosts_and_parents
    inner join source_categories
        on hosts_and_parents.parent = source_categories.source
),

-- A referrer that is a search engine is an organic one, as in GA4.
named as (
    select
        located.referrer_domain,
        located.utm_source,
        located.utm_medium,
        located.utm_campaign,
        located.click_id_name,
        located.is_told,
        located.has_campaign_data,
        located.campaign,
        looked_up.category as source_category,
        coalesce(
            located.known_source,
            case when located.is_campaign then '(not set)' else '(direct)' end
        ) as source,
        case
            when located.is_paid_click then located.click_medium
            when located.campaign_medium is not null then located.campaign_medium
            when
                located.is_campaign
                and (
                    located.campaign_source is not null or located.click_source is null
                )
                then '(not set)'
            when located.known_source is null then '(none)'
            when looked_up.category = 'search' then 'organic'
            when looked_up.category = 'email' then 'email'
            else 'referral'
        end as medium
    from located
    left join hosts
        on located.known_source = hosts.known_source
    left join looked_up
        on
            hosts.host = looked_up.host
            and looked_up.place = 1
)

select * from named
