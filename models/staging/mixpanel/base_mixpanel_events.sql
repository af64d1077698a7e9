{{ config(materialized='ephemeral') }}

{{ read_export('mixpanel', source('mixpanel', 'events')) }}
