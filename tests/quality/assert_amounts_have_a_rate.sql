-- What has no rate is in no sum of money: here it is told, by currency.
{{ config(severity='warn', meta={'explain': 'problem'}) }}

with

amounts as (
    select
        'orders' as what,
        currency,
        net_revenue as amount,
        order_date as amount_date
    from {{ ref('orders') }}
    where net_revenue is not null and reporting_revenue is null
    union all
    select
        'conversions by an event' as what,
        currency,
        amount,
        conversion_date as amount_date
    from {{ ref('conversions_mart') }}
    where order_id is null and amount is not null and value is null
),

summed as (
    select
        what,
        currency,
        count(*) as row_count,
        sum(amount) as amount,
        min(amount_date) as first_date,
        max(amount_date) as last_date
    from amounts
    group by what, currency
)

select
    what,
    currency,
    amount,
    concat(
        'exchange_rates.csv has no rate for ', cast(row_count as string), ' ',
        what, ' in ', coalesce(currency, '(no currency)'), ' of ',
        cast(amount as string),
        ' in all, from ', coalesce(cast(first_date as string), 'no day'), ' to ',
        coalesce(cast(last_date as string), 'no day'),
        '. They are in no sum of money. ',
        'Add a row with that currency and the day from which its rate is valid; the ',
        'reporting currency has the rate 1.'
    ) as problem
from summed
