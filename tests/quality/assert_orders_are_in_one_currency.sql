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
)

select
    currency,
    order_count
from currencies
where (select count(*) from currencies) > 1
