with

source as (
    {{ read_raw('events', keep_texts=true) }}
),

event_names as (
    select * from {{ ref('stg_event_names') }}
),

named as (
    select
        source.*,
        event_names.standard_name as standard_event_name
    from source
    left join event_names
        on lower({{ trimmed('source.event_name') }}) = event_names.event_name
)

select * from named
