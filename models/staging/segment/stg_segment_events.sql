{{ config(materialized='ephemeral') }}

with

delivered as (
    select * from {{ ref('base_segment_events') }}
),

-- A call that did not go through a warehouse has as JSON in `context` what rows of
-- tables have in columns.
opened as (
    select
        *,
        {%- for column, keys in {
            'library_name': ['library', 'name'],
            'os_name': ['os', 'name'],
            'app_version': ['app', 'version'],
            'device_type': ['device', 'type'],
            'locale': ['locale'],
            'user_agent': ['userAgent'],
            'page_url': ['page', 'url'],
            'page_title': ['page', 'title'],
            'page_referrer': ['page', 'referrer'],
            'campaign_source': ['campaign', 'source'],
            'campaign_medium': ['campaign', 'medium'],
            'campaign_name': ['campaign', 'name'],
            'campaign_term': ['campaign', 'term'],
            'campaign_content': ['campaign', 'content'],
        }.items() %}
            coalesce(context_{{ column }}, {{ nested_json_property('context', keys) }})
                as of_{{ column }},
        {%- endfor %}
        case
            when type in ('page', 'screen')
                then {{ json_property('properties', 'url') }}
        end as own_url,
        case
            when type in ('page', 'screen')
                then coalesce({{ json_property('properties', 'title') }}, name)
        end as own_title,
        case
            when type in ('page', 'screen')
                then {{ json_property('properties', 'referrer') }}
        end as own_referrer,
        {{ json_property('properties', 'element') }} as own_element,
        {{ json_property('properties', 'value') }} as own_value,
        coalesce(
            {{ json_property('properties', 'total') }},
            {{ json_property('properties', 'revenue') }}
        ) as total,
        coalesce(nullif(properties, '{}'), traits) as own_properties
    from delivered
),

placed as (
    select
        *,
        lower(of_library_name) as library,
        lower(coalesce(of_device_type, of_os_name)) as device_system,
        case when type = 'track' then coalesce(event_text, event) else type end
            as event_name,
        coalesce(original_timestamp, timestamp) as occurred_at,
        coalesce(received_at, timestamp) as known_at,
        {{ json_of_members([
            json_members_of_object('own_properties'),
            json_member('value', 'case when own_value is null then total end'),
            json_member('previous_id', 'previous_id'),
        ]) }} as all_properties
    from opened
),

-- A call without an id is told from others by all that it says.
final as (
    select
        coalesce(id, message_id, {{ dbt.hash(joined_texts([
            "coalesce(anonymous_id, '')", "coalesce(user_id, '')",
            "coalesce(event_name, '')", 'cast(occurred_at as string)', 'all_properties',
        ], '|')) }}) as event_id,
        event_name,
        occurred_at,
        -- Without the device's own time, that of sending has nothing to correct.
        case when original_timestamp is not null then sent_at end as sent_at,
        known_at as received_at,
        coalesce(loaded_at, known_at) as loaded_at,
        anonymous_id,
        user_id,
        case
            when
                device_system in ('ios', 'ipados', 'iphone os')
                or library like '%ios%'
                or library like '%swift%'
                then 'ios'
            when
                device_system = 'android'
                or library like '%android%'
                or library like '%kotlin%'
                then 'android'
            when
                library like '%javascript%'
                or library in ('analytics.js', 'web')
                or lower(channel) = 'web'
                then 'web'
            when library is not null or lower(channel) = 'server' then 'server'
            when coalesce(own_url, of_page_url) is not null then 'web'
        end as platform,
        of_app_version as app_version,
        coalesce(own_url, of_page_url) as page_url,
        coalesce(case when type = 'page' then own_title end, of_page_title)
            as page_title,
        coalesce(own_referrer, of_page_referrer) as page_referrer,
        case when type = 'screen' then own_title end as screen_name,
        own_element as element,
        of_user_agent as user_agent,
        cast(null as string) as device_category,
        of_os_name as os,
        cast(null as string) as browser,
        cast(null as string) as country,
        of_locale as language,
        of_campaign_source as source,
        of_campaign_medium as medium,
        of_campaign_name as campaign,
        of_campaign_term as term,
        of_campaign_content as content,
        cast(null as string) as click_id,
        all_properties as properties,
        cast(null as bigint) as sequence_number,
        cast(null as string) as shard,
        tracker
    from placed
)

select * from final
