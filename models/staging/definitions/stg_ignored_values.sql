{{ read_definition('ignored_values') }}
