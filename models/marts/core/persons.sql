with

sessions as (
    select * from {{ ref('sessions') }}
    where not is_bot
),

activity as (
    select * from {{ ref('int_session_events_counted') }}
),

orders as (
    select * from {{ ref('orders') }}
    where person_id is not null
),

users as (
    select * from {{ ref('stg_users') }}
),

seen as (
    select
        person_id,
        cast(sum(event_count) as bigint) as event_count,
        max(user_id) as user_id,
        min(first_occurred_at) as first_seen_at,
        max(last_occurred_at) as last_seen_at
    from activity
    group by person_id
),

visited as (
    select
        person_id,
        count(*) as session_count,
        count(distinct anonymous_id) as device_count,
        {{ value_at_first('channel', 'session_number') }} as first_channel,
        {{ value_at_first('landing_page', 'session_number') }} as first_landing_page,
        {{ value_at_first('country', 'session_number') }} as country
    from sessions
    group by person_id
),

ordered as (
    select
        person_id,
        max(user_id) as user_id,
        count(case when counts_as_sale then 1 end) as order_count,
        {{ as_money('sum(reporting_revenue)') }} as revenue,
        min(case when counts_as_sale then ordered_at end) as first_ordered_at,
        max(case when counts_as_sale then ordered_at end) as last_ordered_at
    from orders
    group by person_id
),

-- Whoever was seen in an event or ordered; an order alone makes a person too, so that
-- the persons' revenue adds up to the orders'.
known as (
    select person_id from seen
    union distinct
    select person_id from ordered
),

joined as (
    select
        known.person_id,
        coalesce(seen.user_id, ordered.user_id) as user_id,
        visited.first_channel,
        visited.first_landing_page,
        coalesce(users.country, visited.country) as country,
        coalesce(visited.device_count, 0) as device_count,
        coalesce(visited.session_count, 0) as session_count,
        coalesce(seen.event_count, 0) as event_count,
        coalesce(ordered.order_count, 0) as order_count,
        coalesce(ordered.revenue, {{ as_decimal(0) }}) as revenue,
        users.created_at as signed_up_at,
        seen.first_seen_at,
        seen.last_seen_at,
        ordered.first_ordered_at,
        ordered.last_ordered_at
    from known
    left join seen
        on known.person_id = seen.person_id
    left join visited
        on known.person_id = visited.person_id
    left join ordered
        on known.person_id = ordered.person_id
    left join users
        on coalesce(seen.user_id, ordered.user_id) = users.user_id
)

select * from joined
