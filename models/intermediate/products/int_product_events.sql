{{ config(**replaced_by_day('event_date', cluster_by=['product_id'])) }}

with

events as (
    select
        event_key,
        session_key,
        normalized_event_name,
        properties,
        event_date,
        occurred_at
    from {{ ref('int_events_sessionized') }}
    where
        normalized_event_name in (
            'product_viewed', 'product_added_to_cart', 'order_completed'
        )
        and not is_duplicate
        and {{ on_dates('event_date', dates_to_replace()) }}
),

-- An event with a list of products is about each of them; else about the one that it
-- names, if any. The list `products` is Segment's, and belongs to orders.
listed as (
    select
        *,
        case
            when normalized_event_name = 'order_completed'
                then {{ json_objects('properties', ['items', 'products']) }}
            else {{ json_objects('properties', ['items']) }}
        end as items
    from events
),

unlisted as (
    select
        *,
        properties as item,
        cast(0 as bigint) as item_number
    from listed
    where {{ is_without_elements('items') }}
),

exploded as (
    {{ rows_of_lists('listed', 'items', 'item', 'item_number') }}
),

unioned as (
    select * from unlisted
    union all
    select * from exploded
),

read as (
    select
        event_key,
        item_number,
        session_key,
        normalized_event_name,
        coalesce(
            {{ json_id('item', 'product_id') }}, {{ json_id('item', 'item_id') }},
            {{ json_id('item', 'sku') }},
            case when item_number > 0 then {{ json_id('item', 'id') }} end
        ) as product_id,
        coalesce(
            {{ json_property('item', 'item_name') }},
            {{ json_property('item', 'name') }}
        ) as product_name,
        coalesce(
            {{ json_property('item', 'item_category') }},
            {{ json_property('item', 'category') }}
        ) as category,
        {{ json_id('properties', 'order_id') }} as order_id,
        {{ currency_code(json_property('properties', 'currency')) }} as currency,
        {{ as_decimal(json_property('item', 'price')) }} as price,
        {{ as_decimal(json_property('item', 'quantity')) }} as quantity,
        event_date,
        occurred_at
    from unioned
),

chosen as (
    select * from read
    where product_id is not null
)

select * from chosen
