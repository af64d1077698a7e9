{{ config(materialized='ephemeral') }}

{{ read_export('snowplow', source('snowplow', 'events')) }}
