with

lines as (
    select * from {{ ref('int_product_lines_gathered') }}
),

products as (
    select product_id from {{ ref('int_products_known') }}
),

-- A line of a product that the application does not have stays in the sums.
sold as (
    select
        lines.order_id,
        lines.quantity,
        lines.amount,
        coalesce(products.product_id, '(unknown)') as product_id
    from lines
    left join products
        on lines.product_id = products.product_id
),

counted as (
    select
        product_id,
        count(distinct order_id) as purchase_count,
        cast(sum(quantity) as bigint) as units_sold,
        {{ as_money('sum(amount)') }} as gross_revenue
    from sold
    group by product_id
)

select * from counted
