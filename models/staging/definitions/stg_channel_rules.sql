{{ read_definition('channel_rules') }}
