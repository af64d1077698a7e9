with

products as (
    select
        product_id,
        product_name,
        category,
        currency,
        price,
        created_at
    from {{ ref('stg_products') }}
),

catalogue as (
    select count(*) as product_count from products
),

-- What the events said last of each; texts break a tie, so that no order of loading
-- does.
ranked as (
    select
        product_id,
        product_name,
        category,
        currency,
        price,
        row_number() over (
            partition by product_id
            order by
                case when product_name is null then 1 else 0 end asc,
                event_date desc,
                product_name asc,
                coalesce(category, '') asc,
                coalesce(currency, '') asc,
                price asc
        ) as recency
    from {{ ref('int_product_events') }}
),

-- A service that hands in no products has those of its events.
named_by_events as (
    select
        ranked.product_id,
        ranked.product_name,
        ranked.category,
        ranked.currency,
        ranked.price,
        cast(null as timestamp) as created_at
    from ranked
    cross join catalogue
    where
        ranked.recency = 1
        and catalogue.product_count = 0
),

unioned as (
    select * from products
    union all
    select * from named_by_events
)

select * from unioned
