with

orders as (
    select * from {{ ref('int_orders_valued') }}
),

sessions as (
    select * from {{ ref('int_sessions_identified') }}
),

order_events as (
    select
        events.order_id,
        events.session_id,
        row_number() over (
            partition by events.order_id
            order by events.occurred_at, events.event_id, events.device_date
        ) as event_order
    from {{ ref('int_events_sessionized') }} as events
    inner join sessions
        on events.session_id = sessions.session_id
    inner join orders
        on events.order_id = orders.order_id
    where
        {{ microseconds_between('orders.ordered_at', 'sessions.started_at') }}
        <= {{ var('session_timeout_minutes') * 60000000 }}
),

-- The device told: the session of the first event that carries the order's id. A session
-- that began well after the order (a review, a look at the delivery) did not place it.
matched_by_event as (
    select
        order_id,
        session_id
    from order_events
    where event_order = 1
),

-- It did not tell: the last session that the buyer had begun, unless it was over by more
-- than the session timeout.
candidates as (
    select
        orders.order_id,
        sessions.session_id,
        row_number() over (
            partition by orders.order_id
            order by sessions.session_number desc
        ) as recency
    from orders
    inner join sessions
        on
            orders.user_id = sessions.person_id
            and orders.ordered_at >= sessions.started_at
            and {{ microseconds_between('sessions.ended_at', 'orders.ordered_at') }}
            <= {{ var('session_timeout_minutes') * 60000000 }}
),

matched_by_time as (
    select
        order_id,
        session_id
    from candidates
    where recency = 1
),

matched as (
    select
        orders.order_id,
        coalesce(matched_by_event.session_id, matched_by_time.session_id) as session_id,
        case
            when matched_by_event.session_id is not null then 'event'
            when matched_by_time.session_id is not null then 'time'
        end as matched_by
    from orders
    left join matched_by_event
        on orders.order_id = matched_by_event.order_id
    left join matched_by_time
        on orders.order_id = matched_by_time.order_id
)

select * from matched
