{{ config(materialized='ephemeral') }}

{#- These have a column or a key of their own below. -#}
{%- set own = [
    'page_location', 'page_title', 'page_referrer', 'firebase_screen', 'link_id',
    'source', 'medium', 'campaign', 'term', 'content', 'gclid', 'dclid',
    'transaction_id', 'value', 'engagement_time_msec',
    'batch_page_id', 'batch_ordering_id', 'batch_event_index'
] %}

{#- What two events can differ in. -#}
{%- set told_apart_by = ['properties'] %}
{%- for column in [
    'user_pseudo_id', 'user_id', 'event_timestamp', 'event_name',
    'event_bundle_sequence_id'
] %}
    {%- do told_apart_by.append("coalesce(cast(" ~ column ~ " as string), '')") %}
{%- endfor %}
{%- for name in own %}
    {%- do told_apart_by.append("coalesce(" ~ name ~ "_param, '')") %}
{%- endfor %}

with

delivered as (
    select * from {{ ref('base_ga4_events') }}
),

-- The numbers of a batch are columns of daily tables alone, and parameters in others.
opened as (
    select
        *,
        {%- for name in own %}
            {%- set value = parameter('event_params', name) %}
            {%- if name.startswith('batch_') %}
                coalesce(cast({{ name }} as string), {{ value }}) as {{ name }}_param,
            {%- else %}
                {{ value }} as {{ name }}_param,
            {%- endif %}
        {%- endfor %}
        nullif({{ first_of_list('items', 'item_id') }}, '(not set)') as product_id,
        {{ first_of_list('items', 'quantity') }} as quantity,
        {{ json_objects_of_list('items', {
            'item_id': 'string', 'item_name': 'string', 'item_category': 'string',
            'quantity': 'bigint', 'price': 'double'
        }) }} as item_objects,
        {{ json_members_of_parameters('user_properties') }} as user_properties_members,
        {{ json_members_of_parameters('event_params', own) }} as other_members
    from delivered
),

described as (
    select
        *,
        {{ json_of_members([
            json_member('product_id', 'product_id'),
            json_member('quantity', 'quantity'),
            json_member(
                'order_id',
                "nullif(coalesce(ecommerce__transaction_id, transaction_id_param), "
                ~ "'(not set)')"
            ),
            json_member(
                'value',
                'coalesce(value_param, '
                ~ number_text('ecommerce__purchase_revenue') ~ ')'
            ),
            json_member('engagement_msec', 'engagement_time_msec_param'),
            json_member('stream_id', 'stream_id'),
            json_member('analytics_storage', 'privacy_info__analytics_storage'),
            json_member('ads_storage', 'privacy_info__ads_storage'),
            json_member(
                'session_source',
                'session_traffic_source_last_click__manual_campaign__source'
            ),
            json_member(
                'session_medium',
                'session_traffic_source_last_click__manual_campaign__medium'
            ),
            json_member(
                'session_campaign',
                'session_traffic_source_last_click__manual_campaign__campaign_name'
            ),
            json_member_around('user_properties', '{', 'user_properties_members', '}'),
            json_member_around('items', '[', 'item_objects', ']'),
            'other_members',
        ]) }} as properties
    from opened
),

-- The export has no id of an event. Two rows alike in all that can differ are one event
-- that was sent twice, as Firebase does.
final as (
    select
        {{ dbt.hash(joined_texts(told_apart_by, '|')) }} as event_id,
        event_name,
        {{ epoch_timestamp('event_timestamp') }} as occurred_at,
        cast(null as timestamp) as sent_at,
        -- The shard's day is no time of receipt: delays would begin at its midnight.
        {{ epoch_timestamp('event_timestamp') }} as received_at,
        {{ parse_timestamp(joined_texts([
            'substr(event_date, 1, 4)', 'substr(event_date, 5, 2)',
            'substr(event_date, 7, 2)'
        ], '-')) }} as loaded_at,
        user_pseudo_id as anonymous_id,
        user_id,
        lower(platform) as platform,
        app_info__version as app_version,
        page_location_param as page_url,
        page_title_param as page_title,
        page_referrer_param as page_referrer,
        firebase_screen_param as screen_name,
        link_id_param as element,
        cast(null as string) as user_agent,
        device__category as device_category,
        device__operating_system as os,
        device__web_info__browser as browser,
        geo__country as country,
        device__language as language,
        coalesce(collected_traffic_source__manual_source, source_param) as source,
        coalesce(collected_traffic_source__manual_medium, medium_param) as medium,
        coalesce(collected_traffic_source__manual_campaign_name, campaign_param)
            as campaign,
        coalesce(collected_traffic_source__manual_term, term_param) as term,
        coalesce(collected_traffic_source__manual_content, content_param) as content,
        coalesce(
            collected_traffic_source__gclid, gclid_param,
            collected_traffic_source__dclid, dclid_param
        ) as click_id,
        properties,
        -- All events of a batch have its time; else the order of sending has to do.
        coalesce(
            {{ cast_delivered('batch_ordering_id_param', 'text', 'bigint') }} * 1000
            + {{ cast_delivered('batch_event_index_param', 'text', 'bigint') }},
            event_bundle_sequence_id
        ) as sequence_number,
        shard
    from described
)

select * from final
