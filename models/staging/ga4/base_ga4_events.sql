{{ config(materialized='ephemeral') }}

{{ read_export('ga4', source('ga4', 'events')) }}
