{{ config(materialized='ephemeral') }}

{%- set names = [
    'time', 'mp_processing_time_ms', 'distinct_id', '$insert_id', '$device_id',
    '$user_id', '$os', '$browser', '$device', 'mp_lib', 'mp_country_code',
    '$app_version_string', '$current_url', 'current_page_title', '$referrer', '$el_id',
    '$el_text', 'utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'gclid'
] %}

{#- Of these Fivetran makes columns. #}
{%- set columns = [
    'time', 'distinct_id', 'insert_id', 'device_id', 'user_id', 'mp_processing_time_ms',
    'os', 'browser', 'device', 'mp_lib', 'mp_country_code', 'app_version_string',
    'current_url', 'referrer'
] %}

with

delivered as (
    select * from {{ ref('base_mixpanel_events') }}
),

opened as (
    select
        properties,
        {%- for name in names %}
            {%- set column = name | replace('$', '') %}
            {%- if column in columns %}
                coalesce({{ json_property('properties', name) }}, {{ column }})
                    as {{ column }},
            {%- else %}
                {{ json_property('properties', name) }} as {{ column }},
            {%- endif %}
        {%- endfor %}
        coalesce(event, name) as event_name
    from delivered
),

-- Before somebody signs in, distinct_id is the device; `$device:` stands before it
-- where Mixpanel merges ids by itself.
identified as (
    select
        *,
        coalesce(device_id, regexp_replace(distinct_id, '^[$]device:', ''))
            as anonymous_id,
        {{ in_utc(parse_timestamp('time'), tracker_timezone('mixpanel')) }}
            as occurred_at,
        {{ epoch_timestamp('mp_processing_time_ms') }} as processed_at
    from opened
),

final as (
    select
        coalesce(insert_id, {{ dbt.hash(joined_texts(
            ["coalesce(event_name, '')", "coalesce(distinct_id, '')", "coalesce(time, '')"],
            '|'
        )) }}) as event_id,
        event_name,
        occurred_at,
        time as occurred_at_text,
        cast(null as timestamp) as sent_at,
        coalesce(processed_at, occurred_at) as received_at,
        coalesce(processed_at, occurred_at) as loaded_at,
        case when anonymous_id != coalesce(user_id, '') then anonymous_id end
            as anonymous_id,
        user_id,
        case
            when lower(mp_lib) in ('web', 'android') then lower(mp_lib)
            when lower(mp_lib) in ('iphone', 'ios', 'swift', 'objective-c') then 'ios'
            when lower(mp_lib) in ('react-native', 'flutter', 'unity') then lower(os)
            when mp_lib is not null then 'server'
        end as platform,
        app_version_string as app_version,
        current_url as page_url,
        current_page_title as page_title,
        referrer as page_referrer,
        cast(null as string) as screen_name,
        coalesce(el_id, el_text) as element,
        cast(null as string) as user_agent,
        device as device_category,
        os,
        browser,
        mp_country_code as country,
        cast(null as string) as language,
        utm_source as source,
        utm_medium as medium,
        utm_campaign as campaign,
        utm_term as term,
        utm_content as content,
        gclid as click_id,
        properties,
        cast(null as bigint) as sequence_number,
        cast(null as string) as shard
    from identified
)

select * from final
