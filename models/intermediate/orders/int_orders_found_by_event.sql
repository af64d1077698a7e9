with

-- The device told: an event of a session carries the order's id. A session that began
-- well after the order (a review, a look at the delivery) did not place it.
order_events as (
    select
        events.order_id,
        events.session_key,
        row_number() over (
            partition by events.order_id
            order by events.occurred_at, events.event_key
        ) as event_order
    from {{ ref('int_order_mentions') }} as events
    inner join {{ ref('int_sessions_identified') }} as sessions
        on events.session_key = sessions.session_key
    inner join {{ ref('int_orders_valued') }} as orders
        on events.order_id = orders.order_id
    where
        {{ microseconds_between('orders.ordered_at', 'sessions.started_at') }}
        <= {{ var('session_timeout_minutes') * 60000000 }}
),

found as (
    select
        order_id,
        session_key
    from order_events
    where event_order = 1
)

select * from found
