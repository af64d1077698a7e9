{{ config(**stored_by_day('session_date', ['session_key'])) }}

with

sources as (
    select * from {{ ref('int_session_sources_found') }}
),

own_hosts as (
    select * from {{ ref('int_own_hosts_gathered') }}
),

-- A tracker that takes the referrer for a source names the host itself.
named_hosts as (
    select referrer_domain as host from sources
    where referrer_domain is not null
    union distinct
    select lower(utm_source) as host from sources
    where is_told and utm_source is not null
),

named_hosts_and_parents as (
    {{ hosts_and_parents('named_hosts') }}
),

own as (
    select
        named_hosts_and_parents.host,
        max(case when own_hosts.is_listed then 1 else 0 end) as listed
    from named_hosts_and_parents
    inner join own_hosts
        on named_hosts_and_parents.parent = own_hosts.host
    group by named_hosts_and_parents.host
),

-- Hosts that were only seen in the data are asked where a visit does not name its own.
judged as (
    select
        sources.*,
        coalesce(
            referrers.listed = 1
            or (referrers.host is not null and sources.site_host is null),
            false
        ) as is_own_referrer,
        coalesce(
            sources.is_told
            and coalesce(lower(sources.utm_medium), 'referral') = 'referral'
            and (
                told_hosts.listed = 1
                or (told_hosts.host is not null and sources.site_host is null)
                or {{ is_same_site('lower(sources.utm_source)', 'sources.site_host') }}
            ),
            false
        ) as is_told_of_own_host
    from sources
    left join own as referrers
        on sources.referrer_domain = referrers.host
    left join own as told_hosts
        on lower(sources.utm_source) = told_hosts.host
),

-- A referrer that is no source is none beside campaign data either.
usable as (
    select
        session_key,
        session_date,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_term,
        utm_content,
        click_id,
        click_id_name,
        is_told,
        has_campaign_data,
        case when not is_own_referrer then referrer_domain end as referrer_domain,
        row_number() over (
            partition by session_key
            order by event_index
        ) as place
    from judged
    where
        not is_told_of_own_host
        and (
            has_campaign_data
            or click_id_name is not null
            or not is_own_referrer
        )
),

-- The first that remains decides.
decided as (
    select
        session_key,
        referrer_domain,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_term,
        utm_content,
        click_id,
        click_id_name,
        is_told,
        has_campaign_data,
        session_date
    from usable
    where place = 1
)

select * from decided
