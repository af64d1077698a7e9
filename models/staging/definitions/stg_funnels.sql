-- depends_on: {{ ref('funnels') }}
{{ read_definition('funnels') }}
