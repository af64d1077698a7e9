with

events as (
    select * from {{ ref('int_product_events') }}
),

product_events as (
    {{ identified_events('events') }}
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
    from product_events
    where not is_bot
    group by product_id
)

select * from counted
