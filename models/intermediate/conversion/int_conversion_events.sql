{{ config(**replaced_by_day(
    'event_date', definitions=['stg_conversions'], cluster_by=['conversion_name']
)) }}

with

definitions as (
    select * from {{ ref('stg_conversions') }}
    where lower(event_name) != 'order'
),

events as (
    select * from {{ ref('int_events_sessionized') }}
    where not is_duplicate and {{ on_dates('event_date', dates_to_replace()) }}
),

chosen as (
    select
        definitions.conversion_name,
        events.event_key,
        events.session_key,
        {{ currency_code(json_property('events.properties', 'currency')) }}
            as currency,
        {{ as_decimal(
            json_property_of_row('events.properties', 'definitions.value_from')
        ) }} as value,
        events.event_date,
        events.occurred_at
    from events
    inner join definitions
        on events.normalized_event_name = lower(definitions.event_name)
)

select * from chosen
