-- depends_on: {{ ref('channel_rules') }}
{{ read_definition('channel_rules') }}
