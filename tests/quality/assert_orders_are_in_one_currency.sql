-- Revenue is added up as it stands, without rates of exchange. Orders in several
-- currencies make such sums meaningless.
{{ config(severity='warn', meta={'explain': 'problem'}) }}

with

currencies as (
    select
        currency,
        count(*) as order_count,
        coalesce(sum(total_amount), 0) as total_amount
    from {{ ref('stg_orders') }}
    group by currency
),

counted as (
    select count(*) as currency_count from currencies
)

select
    currencies.currency,
    concat(
        'The raw table orders holds ', cast(currencies.order_count as string),
        ' orders in ', coalesce(currencies.currency, '(no currency)'), ', of ',
        cast(currencies.total_amount as string),
        ' in all, beside orders in other currencies. Nothing is converted: add up ',
        'revenue of one currency only, or hand in amounts of one.'
    ) as problem
from currencies
cross join counted
where counted.currency_count > 1
