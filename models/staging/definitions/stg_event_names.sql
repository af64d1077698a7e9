-- depends_on: {{ ref('event_names') }}
with

source as (
    {{ read_definition('event_names') }}
),

-- A definition test refuses two rows of one name; the events do not multiply.
mapped as (
    select
        lower(event_name) as event_name,
        min(lower(standard_name)) as standard_name
    from source
    where
        event_name is not null
        and standard_name is not null
        and lower(event_name) not in (
            {%- for event_name in var('page_view_events') -%}
                '{{ event_name | lower }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
        )
    group by lower(event_name)
)

select * from mapped
