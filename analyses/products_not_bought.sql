-- Which products are looked at and not bought?
--
-- One row per product that at least 100 persons looked at. `expected` is the number of
-- orders that its viewers would make at the rate of its category, `missing` what it
-- lacks to that. A missing one or two may be chance; of the first, look at price,
-- pictures and stock. Few cart adds too: the page; many: what comes after.
with

products as (
    select * from {{ ref('products') }}
),

categories as (
    select
        category,
        {{ ratio('sum(purchase_count)', 'sum(viewer_count)') }} as orders_per_viewer
    from products
    group by category
),

expected as (
    select
        products.product_name,
        products.viewer_count as viewers,
        products.cart_add_count as cart_adds,
        products.purchase_count as orders,
        products.viewer_count * categories.orders_per_viewer as expected_orders
    from products
    inner join categories
        on products.category = categories.category
    where products.viewer_count >= 100
),

compared as (
    select
        product_name,
        viewers,
        cart_adds,
        orders,
        round(expected_orders, 1) as expected,
        round(expected_orders - orders, 1) as missing
    from expected
)

select * from compared
order by missing desc, product_name asc
