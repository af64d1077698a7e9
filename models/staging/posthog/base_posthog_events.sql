{{ config(materialized='ephemeral') }}

{{ read_export('posthog', source('posthog', 'events')) }}
