{{ read_definition('own_hosts') }}
