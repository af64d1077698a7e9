{{ config(materialized='ephemeral') }}

{{ read_export('amplitude', source('amplitude', 'events')) }}
