{#- The columns of an event that do not depend on other events. -#}
{% macro event_columns() %}
    {{ return([
        'event_key', 'event_id', 'anonymous_id', 'user_id', 'order_id',
        'event_name', 'normalized_event_name', 'platform', 'app_version',
        'page', 'page_host', 'page_url', 'page_title', 'page_referrer', 'element',
        'user_agent', 'device_category', 'os', 'browser', 'country', 'language',
        'source', 'medium', 'campaign', 'term', 'content', 'click_id', 'properties',
        'sequence_number', 'is_device_event', 'is_page_view',
        'event_date', 'device_date', 'occurred_at', 'device_occurred_at', 'received_at',
        'loaded_at'
    ]) }}
{% endmacro %}
