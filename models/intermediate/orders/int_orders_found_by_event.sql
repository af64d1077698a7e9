with

-- The device told: an event of a session carries the order's id. A session that began
-- well after the order (a review, a look at the delivery) did not place it, nor did one
-- that was over a day before (a draft that was put away); between the two, clocks and
-- time zones of two systems may differ.
order_events as (
    select
        events.order_id,
        events.session_key,
        sessions.started_at,
        events.event_key,
        {{ microseconds_between('events.occurred_at', 'orders.ordered_at') }}
            as microseconds_before,
        {{ microseconds_between('sessions.ended_at', 'orders.ordered_at') }}
        <= {{ var('session_timeout_minutes') * 60000000 }} as is_open
    from {{ ref('int_order_mentions') }} as events
    inner join {{ ref('int_sessions_identified') }} as sessions
        on events.session_key = sessions.session_key
    inner join {{ ref('int_orders_valued') }} as orders
        on events.order_id = orders.order_id
    where
        {{ microseconds_between('orders.ordered_at', 'sessions.started_at') }}
        <= {{ var('session_timeout_minutes') * 60000000 }}
        and {{ microseconds_between('sessions.ended_at', 'orders.ordered_at') }}
        <= 86400000000
),

-- The mention nearest to the order is the one that placed it; of two as near, the
-- first.
ranked as (
    select
        *,
        row_number() over (
            partition by order_id
            order by
                abs(microseconds_before) asc,
                microseconds_before desc,
                started_at asc,
                event_key asc
        ) as nearness
    from order_events
),

found as (
    select
        order_id,
        session_key,
        is_open
    from ranked
    where nearness = 1
)

select * from found
