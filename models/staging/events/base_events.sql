-- depends_on: {{ ref('raw_tables') }}, {{ ref('stg_ignored_values') }}
{{ read_raw('events', keep_texts=true) }}
{%- for tracker in ['amplitude', 'ga4', 'mixpanel', 'posthog', 'snowplow']
    if not execute or export_relation(tracker) %}
union all
{{ export_events(tracker, ref('stg_' ~ tracker ~ '_events')) }}
{%- endfor %}
