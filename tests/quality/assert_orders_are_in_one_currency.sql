-- Revenue is added up as it stands, without rates of exchange. Orders in several
-- currencies make such sums meaningless.
{{ config(severity='warn') }}

with

currencies as (
    select
        currency,
        count(*) as order_count
    from {{ ref('stg_orders') }}
    group by currency
),

counted as (
    select count(*) as currency_count from currencies
)

select
    currencies.currency,
    currencies.order_count
from currencies
cross join counted
where counted.currency_count > 1
