with

orders as (
    select order_id from {{ ref('int_orders_valued') }}
),

found_by_event as (
    select * from {{ ref('int_orders_found_by_event') }}
),

found_by_time as (
    select * from {{ ref('int_orders_found_by_time') }}
),

-- An event goes first, but not that of a session long over where the buyer came back
-- and ordered.
joined as (
    select
        orders.order_id,
        found_by_event.session_key as session_by_event,
        found_by_time.session_key as session_by_time,
        case
            when found_by_event.is_open then 'event'
            when found_by_time.session_key is not null then 'time'
            when found_by_event.session_key is not null then 'event'
        end as matched_by
    from orders
    left join found_by_event
        on orders.order_id = found_by_event.order_id
    left join found_by_time
        on orders.order_id = found_by_time.order_id
),

matched as (
    select
        order_id,
        matched_by,
        case matched_by
            when 'event' then session_by_event
            when 'time' then session_by_time
        end as session_key
    from joined
)

select * from matched
