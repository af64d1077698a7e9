-- depends_on: {{ ref('own_hosts') }}
{{ read_definition('own_hosts') }}
