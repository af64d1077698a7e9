{{ config(materialized='ephemeral') }}

{%- set names = [
    '$device_id', '$user_id', '$lib', '$app_version', '$current_url', 'title',
    '$referrer', '$screen_name', '$el_text', '$raw_user_agent', '$device_type', '$os',
    '$browser', '$geoip_country_code', '$browser_language', 'utm_source', 'utm_medium',
    'utm_campaign', 'utm_term', 'utm_content', 'gclid'
] %}

with

delivered as (
    select * from {{ ref('base_posthog_events') }}
),

opened as (
    select
        {%- for name in names %}
            {{ json_property('properties', name) }} as {{ name | replace('$', '') }},
        {%- endfor %}
        delivered.*
    from delivered
),

placed as (
    select
        *,
        case
            when lib in ('web', 'js') then 'web'
            when lib in ('posthog-ios', 'posthog-android') then substr(lib, 9)
            when lib in ('posthog-react-native', 'posthog-flutter') then lower(os)
            when lib is not null then 'server'
        end as platform
    from opened
),

-- distinct_id is the device until somebody is identified, and then the user. A library
-- of a server knows users alone.
identified as (
    select
        *,
        -- PostHog corrects clocks itself, and does not say by how much.
        cast(null as timestamp) as sent_at,
        cast(null as bigint) as sequence_number,
        cast(null as string) as shard,
        case
            when device_id is not null then device_id
            when coalesce(platform, '') != 'server' and user_id is null then distinct_id
        end as anonymous_id,
        case
            when user_id is not null then user_id
            when platform = 'server' or device_id != distinct_id then distinct_id
        end as identified_user_id,
        coalesce(bq_ingested_timestamp, _inserted_at, created_at) as loaded_at,
        case when referrer != '$direct' then referrer end as page_referrer,
        lower(device_type) as device_category
    from placed
),

final as (
    select
        uuid as event_id,
        event as event_name,
        timestamp as occurred_at,
        sent_at,
        created_at as received_at,
        loaded_at,
        anonymous_id,
        identified_user_id as user_id,
        platform,
        app_version,
        current_url as page_url,
        title as page_title,
        page_referrer,
        screen_name,
        el_text as element,
        raw_user_agent as user_agent,
        device_category,
        os,
        browser,
        geoip_country_code as country,
        browser_language as language,
        utm_source as source,
        utm_medium as medium,
        utm_campaign as campaign,
        utm_term as term,
        utm_content as content,
        gclid as click_id,
        properties,
        sequence_number,
        shard
    from identified
)

select * from final
