-- depends_on: {{ ref('raw_tables') }}, {{ ref('stg_ignored_values') }}
{{ read_raw('orders') }}
