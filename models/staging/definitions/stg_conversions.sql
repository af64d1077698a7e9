{{ read_definition('conversions') }}
