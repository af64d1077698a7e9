{{ read_definition('tracking_plan') }}
