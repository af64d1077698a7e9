{{ config(materialized='ephemeral') }}

{{ read_export('segment', source('segment', 'calls')) }}
union all
{{ read_export('rudderstack', source('rudderstack', 'calls')) }}
