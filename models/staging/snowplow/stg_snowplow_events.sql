{{ config(materialized='ephemeral') }}

{#- What an event says itself goes before its entities, as no key is written twice. -#}
{%- set members = [] %}
{%- for key in ['product_id', 'order_id', 'value', 'currency', 'quantity'] %}
    {%- do members.append(json_member(
        key, 'case when own_' ~ key ~ ' is null then sold_' ~ key ~ ' end'
    )) %}
{%- endfor %}
{%- do members.append(json_member(
    'step', 'case when own_step is null then checkout_step end'
)) %}
{%- for column in ['se_category', 'se_action', 'se_label', 'se_property', 'se_value'] %}
    {%- do members.append(json_member(
        column, 'case when is_structured then ' ~ column ~ ' end'
    )) %}
{%- endfor %}
{%- for column in [
    'tr_affiliation', 'tr_total', 'tr_tax', 'tr_shipping', 'ti_name', 'ti_category',
    'ti_price'
] %}
    {%- do members.append(json_member(column, column)) %}
{%- endfor %}

with

delivered as (
    select * from {{ ref('base_snowplow_entities') }}
),

-- What no device timed happened when it was received. A true time is none of the
-- device's clock, which the time of sending could correct.
judged as (
    select
        *,
        coalesce(true_tstamp, dvce_created_tstamp, collector_tstamp) as occurred_at,
        case
            when true_tstamp is null and dvce_created_tstamp is not null
                then dvce_sent_tstamp
        end as sent_at,
        coalesce(load_tstamp, etl_tstamp, collector_tstamp) as loaded_at,
        event = 'struct' as is_structured,
        coalesce(
            os_family, agent_operating_system_name, agent_os_family, phone_os_type
        ) as os,
        lower(coalesce(dvce_type, agent_device_class)) as device,
        case
            when event = 'struct' then se_label
            when event_name = 'link_click'
                then coalesce(own_element_id, own_element_content, own_target_url)
            when event_name = 'button_click' then coalesce(own_id, own_label)
        end as element,
        -- What a screen says when the app goes into the background is a part of what it
        -- says when it ends.
        case
            when event_name = 'screen_end'
                then cast(cast(
                    round({{ as_decimal('screen_foreground_sec') }} * 1000, 0) as bigint
                ) as string)
        end as engagement_msec
    from delivered
),

final as (
    select
        event_id,
        case
            when is_structured then coalesce(se_action, event_name)
            when event_name = 'snowplow_ecommerce_action'
                then coalesce(own_type, event_name)
            else coalesce(event_name, event)
        end as event_name,
        occurred_at,
        sent_at,
        collector_tstamp as received_at,
        loaded_at,
        coalesce(domain_userid, session_user_id) as anonymous_id,
        user_id,
        case
            when platform = 'srv' then 'server'
            when platform = 'mob' and lower(os) in ('ios', 'ipados') then 'ios'
            when platform = 'mob' and lower(os) like 'android%' then 'android'
            else platform
        end as platform,
        app_version,
        page_url,
        page_title,
        page_referrer,
        coalesce(
            case when event_name = 'screen_view' then own_name end, screen_name
        ) as screen_name,
        element,
        useragent as user_agent,
        case device
            when 'computer' then 'desktop'
            when 'phone' then 'mobile'
            else device
        end as device_category,
        os,
        coalesce(br_family, agent_agent_name, agent_useragent_family) as browser,
        geo_country as country,
        br_lang as language,
        mkt_source as source,
        mkt_medium as medium,
        mkt_campaign as campaign,
        mkt_term as term,
        mkt_content as content,
        mkt_clickid as click_id,
        {{ json_of_members(members + [
            json_member('engagement_msec', 'engagement_msec'),
            json_member('snowplow_app_id', 'app_id'),
            json_member(
                'snowplow_session_id', 'coalesce(domain_sessionid, session_session_id)'
            ),
            json_member('snowplow_page_view_id', 'view_id'),
            json_member_around('contexts', '', 'contexts', ''),
            json_members_of_object('unstruct_event'),
        ]) }} as properties,
        {{ cast_delivered('session_event_index', 'STRING', 'bigint') }}
            as sequence_number,
        cast(null as string) as shard
    from judged
)

select * from final
