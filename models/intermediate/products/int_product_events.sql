{{ config(**replaced_by_day('event_date', cluster_by=['product_id'])) }}

with

events as (
    select
        event_key,
        session_key,
        normalized_event_name,
        {{ json_id('properties', 'product_id') }} as product_id,
        event_date
    from {{ ref('int_events_sessionized') }}
    where
        normalized_event_name in ('product_viewed', 'product_added_to_cart')
        and not is_duplicate
        and {{ on_dates('event_date', dates_to_replace()) }}
),

chosen as (
    select * from events
    where product_id is not null
)

select * from chosen
