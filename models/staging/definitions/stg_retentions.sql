{{ read_definition('retentions') }}
