-- Without rates of exchange, revenue is added up as it stands. Orders in several
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
),

rates as (
    select count(*) as rate_count from {{ ref('stg_exchange_rates') }}
)

select
    currencies.currency,
    concat(
        'The raw table orders holds ', cast(currencies.order_count as string),
        ' orders in ', coalesce(currencies.currency, '(no currency)'), ', of ',
        cast(currencies.total_amount as string),
        ' in all, beside orders in other currencies. Nothing is converted, as ',
        'exchange_rates.csv holds no rate: add rates there, or add up revenue of one ',
        'currency only.'
    ) as problem
from currencies
cross join counted
cross join rates
where counted.currency_count > 1 and rates.rate_count = 0
