{{ read_definition('funnel_exclusions') }}
