{{ read_definition('bot_patterns') }}
