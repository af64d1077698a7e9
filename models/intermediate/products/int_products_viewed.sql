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
    select product_id from {{ ref('stg_products') }}
),

placed as (
    select
        product_events.person_id,
        product_events.normalized_event_name,
        coalesce(products.product_id, '(unknown)') as product_id
    from product_events
    left join products
        on product_events.product_id = products.product_id
    where not product_events.is_bot
),

counted as (
    select
        product_id,
        count(case when normalized_event_name = 'product_viewed' then 1 end)
            as view_count,
        count(distinct case
            when normalized_event_name = 'product_viewed' then person_id
        end) as viewer_count,
        count(case when normalized_event_name = 'product_added_to_cart' then 1 end)
            as cart_add_count
    from placed
    group by product_id
)

select * from counted
