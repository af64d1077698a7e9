{{ config(materialized='ephemeral') }}

{%- set snowplow = 'contexts_com_snowplowanalytics_snowplow_' %}
{%- set mobile = 'contexts_com_snowplowanalytics_mobile_' %}

{#- The fields that are read of the self-describing event and of entities, and the word
    in front of their names here. -#}
{%- set fields = {
    'unstruct_event': ['own', [
        'type', 'name', 'id', 'label', 'element_id', 'element_content', 'target_url',
        'sku', 'product_id', 'order_id', 'value', 'currency', 'quantity', 'step'
    ]],
    snowplow ~ 'client_session': ['session', ['user_id', 'session_id', 'event_index']],
    snowplow ~ 'mobile_context': ['phone', ['os_type']],
    mobile ~ 'application': ['app', ['version']],
    mobile ~ 'screen': ['screen', ['name']],
    mobile ~ 'screen_summary': ['screen', ['foreground_sec']],
    snowplow ~ 'web_page': ['view', ['id']],
    snowplow ~ 'ua_parser_context': ['agent', ['os_family', 'useragent_family']],
    'contexts_nl_basjes_yauaa_context': [
        'agent', ['device_class', 'operating_system_name', 'agent_name']
    ],
    snowplow ~ 'ecommerce_product': ['product', ['id', 'currency', 'quantity']],
    snowplow ~ 'ecommerce_transaction': [
        'order', ['transaction_id', 'revenue', 'currency', 'total_quantity']
    ],
    snowplow ~ 'ecommerce_refund': [
        'refund', ['transaction_id', 'refund_amount', 'currency']
    ],
    snowplow ~ 'ecommerce_checkout_step': ['checkout', ['step']]
} %}
{%- set sold = ['product', 'order', 'refund'] %}

with

delivered as (
    select * from {{ ref('base_snowplow_events') }}
),

-- An entity may be there several times, as the products of an order: the first is read.
opened as (
    select
        {%- for entity in fields %}
            {{ first_json_object(entity) }} as first_{{ entity }},
        {%- endfor %}
        delivered.*
    from delivered
),

fielded as (
    select
        {%- for entity, (word, names) in fields.items() %}
            {%- for name in names %}
                {{ schema_field('first_' ~ entity, name) }} as {{ word }}_{{ name }},
            {%- endfor %}
        {%- endfor %}
        opened.*
    from opened
),

-- One name for what several generations of e-commerce events say.
final as (
    select
        event_id,
        event,
        event_name,
        app_id,
        platform,
        domain_userid,
        user_id,
        domain_sessionid,

        {%- for word, names in fields.values() if word not in sold %}
            {%- for name in names %}
                {{ word }}_{{ name }},
            {%- endfor %}
        {%- endfor %}
        coalesce(product_id, ti_sku, own_sku) as sold_product_id,
        coalesce(
            order_transaction_id, refund_transaction_id, tr_orderid, ti_orderid
        ) as sold_order_id,
        coalesce(order_revenue, refund_refund_amount, tr_total) as sold_value,
        coalesce(
            order_currency, refund_currency, product_currency, tr_currency, ti_currency
        ) as sold_currency,
        coalesce(order_total_quantity, product_quantity, ti_quantity) as sold_quantity,

        page_url,
        page_title,
        page_referrer,
        useragent,
        dvce_type,
        os_family,
        br_family,
        br_lang,
        geo_country,
        mkt_source,
        mkt_medium,
        mkt_campaign,
        mkt_term,
        mkt_content,
        mkt_clickid,
        se_category,
        se_action,
        se_label,
        se_property,
        se_value,
        tr_affiliation,
        tr_total,
        tr_tax,
        tr_shipping,
        ti_name,
        ti_category,
        ti_price,
        unstruct_event,
        contexts,

        true_tstamp,
        dvce_created_tstamp,
        dvce_sent_tstamp,
        collector_tstamp,
        etl_tstamp,
        load_tstamp
    from fielded
)

select * from final
