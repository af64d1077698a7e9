{{ read_definition('funnels') }}
