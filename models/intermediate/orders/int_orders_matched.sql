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

matched as (
    select
        orders.order_id,
        coalesce(found_by_event.session_key, found_by_time.session_key)
            as session_key,
        case
            when found_by_event.session_key is not null then 'event'
            when found_by_time.session_key is not null then 'time'
        end as matched_by
    from orders
    left join found_by_event
        on orders.order_id = found_by_event.order_id
    left join found_by_time
        on orders.order_id = found_by_time.order_id
)

select * from matched
