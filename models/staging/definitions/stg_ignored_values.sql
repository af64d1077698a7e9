-- depends_on: {{ ref('ignored_values') }}
{{ read_definition('ignored_values') }}
