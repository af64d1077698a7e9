{{ read_definition('funnel_steps') }}
