{#- A row of stg_events, by its alias `events`, as it was delivered, as a JSON object of texts. Costly: apply it to
    the few rows that need it, after they are picked. -#}
{% macro event_payload(events) -%}
    {%- set texts = {} -%}
    {%- for column in [
        'event_id', 'event_name', 'occurred_at', 'sent_at', 'received_at', 'loaded_at',
        'anonymous_id', 'user_id', 'platform', 'app_version', 'page_url', 'page_title',
        'page_referrer', 'screen_name', 'element', 'user_agent', 'device_category', 'os',
        'browser', 'country', 'language', 'source', 'medium', 'campaign', 'term', 'content',
        'click_id', 'sequence_number', 'properties'
    ] -%}
        {%- do texts.update({column: events ~ '.' ~ column}) -%}
    {%- endfor -%}
    {%- for column, typed in {
        'occurred_at': 'device_occurred_at', 'sent_at': 'sent_at',
        'received_at': 'received_at', 'loaded_at': 'loaded_at'
    }.items() -%}
        {%- do texts.update({
            column: 'coalesce(' ~ events ~ '.' ~ column ~ '_text, '
                ~ timestamp_text(events ~ '.' ~ typed) ~ ')'
        }) -%}
    {%- endfor -%}
    {%- for column in ['event_id', 'anonymous_id', 'user_id'] -%}
        {%- do texts.update({
            column: 'coalesce(' ~ events ~ '.' ~ column ~ '_text, '
                ~ events ~ '.' ~ column ~ ')'
        }) -%}
    {%- endfor -%}
    {%- do texts.update({
        'sequence_number': 'cast(' ~ events ~ '.sequence_number as string)'
    }) -%}
    {{ json_object_text(texts) }}
{%- endmacro %}
