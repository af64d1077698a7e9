-- depends_on: {{ ref('raw_tables') }}, {{ ref('stg_ignored_values') }}
{{ read_raw('events', keep_texts=true) }}
{%- for folder in ['amplitude', 'ga4', 'mixpanel', 'posthog', 'segment', 'snowplow']
    if not execute or trackers_of(folder) | select('in', open_exports()) | list %}
union all
{{ export_events(folder, ref('stg_' ~ folder ~ '_events')) }}
{%- endfor %}
