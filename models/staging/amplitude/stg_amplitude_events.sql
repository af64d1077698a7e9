{{ config(materialized='ephemeral') }}

with

delivered as (
    select * from {{ ref('base_amplitude_events') }}
),

-- The campaign that Amplitude keeps of a user stands on every event until the next one
-- comes: it is no visit's. A visit's is in the address of its page.
opened as (
    select
        *,
        coalesce(
            {{ json_property('event_properties', '[Amplitude] Page Location') }},
            {{ json_property('event_properties', '[Amplitude] Page URL') }}
        ) as page_url,
        {{ json_property('event_properties', '[Amplitude] Page Title') }} as page_title,
        {{ json_property('event_properties', '[Amplitude] Screen Name') }}
            as screen_name,
        {{ json_property('event_properties', 'referrer') }} as page_referrer,
        coalesce(
            {{ json_property('event_properties', '[Amplitude] Element ID') }},
            {{ json_property('event_properties', '[Amplitude] Element Text') }}
        ) as element
    from delivered
),

final as (
    select
        coalesce(insert_id, uuid) as event_id,
        event_type as event_name,
        {{ parse_timestamp('client_event_time') }} as occurred_at,
        client_event_time as occurred_at_text,
        {{ parse_timestamp('client_upload_time') }} as sent_at,
        client_upload_time as sent_at_text,
        {{ parse_timestamp('server_received_time') }} as received_at,
        server_received_time as received_at_text,
        server_upload_time as loaded_at,
        device_id as anonymous_id,
        user_id,
        lower(platform) as platform,
        version_name as app_version,
        page_url,
        page_title,
        page_referrer,
        screen_name,
        element,
        cast(null as string) as user_agent,
        device_type as device_category,
        case when lower(platform) != 'web' then os_name end as os,
        case when lower(platform) = 'web' then os_name end as browser,
        country,
        language,
        {{ json_property('event_properties', 'utm_source') }} as source,
        {{ json_property('event_properties', 'utm_medium') }} as medium,
        {{ json_property('event_properties', 'utm_campaign') }} as campaign,
        {{ json_property('event_properties', 'utm_term') }} as term,
        {{ json_property('event_properties', 'utm_content') }} as content,
        {{ json_property('event_properties', 'gclid') }} as click_id,
        {{ json_of_members([
            json_member('amplitude_session_id', 'session_id'),
            json_members_of_object('event_properties'),
            json_member_around('user_properties', '', 'user_properties', ''),
        ]) }} as properties,
        event_id as sequence_number,
        cast(null as string) as shard
    from opened
)

select * from final
