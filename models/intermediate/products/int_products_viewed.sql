with

events as (
    select * from {{ ref('int_product_events') }}
),

product_events as (
    {{ identified_events(
        'events', ref('int_sessions_identified'), ref('int_server_events_identified')
    ) }}
),

products as (
    select product_id from {{ ref('int_products_known') }}
),

placed as (
    select
        product_events.event_key,
        product_events.person_id,
        product_events.normalized_event_name,
        coalesce(products.product_id, '(unknown)') as product_id
    from product_events
    left join products
        on product_events.product_id = products.product_id
    where
        not product_events.is_bot
        and product_events.normalized_event_name != 'order_completed'
),

counted as (
    select
        product_id,
        count(distinct case
            when normalized_event_name = 'product_viewed' then event_key
        end) as view_count,
        count(distinct case
            when normalized_event_name = 'product_viewed' then person_id
        end) as viewer_count,
        count(distinct case
            when normalized_event_name = 'product_added_to_cart' then event_key
        end) as cart_add_count
    from placed
    group by product_id
)

select * from counted
