-- depends_on: {{ ref('bot_patterns') }}
{{ read_definition('bot_patterns') }}
