with

-- The buyer was there: the last session begun by the time of the order, unless it was
-- over by more than the session timeout.
candidates as (
    select
        orders.order_id,
        sessions.session_key,
        row_number() over (
            partition by orders.order_id
            order by sessions.session_number desc
        ) as recency
    from {{ ref('int_orders_valued') }} as orders
    inner join {{ ref('int_sessions_identified') }} as sessions
        on
            orders.user_id = sessions.person_id
            and orders.ordered_at >= sessions.started_at
            and {{ microseconds_between('sessions.ended_at', 'orders.ordered_at') }}
            <= {{ var('session_timeout_minutes') * 60000000 }}
),

found as (
    select
        order_id,
        session_key
    from candidates
    where recency = 1
)

select * from found
