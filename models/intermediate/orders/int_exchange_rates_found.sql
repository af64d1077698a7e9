with

rates as (
    select * from {{ ref('stg_exchange_rates') }}
    where rate > 0
),

rates_counted as (
    select count(*) as rate_count from {{ ref('stg_exchange_rates') }}
),

-- Orders without a time have no day: they are put before all others.
amounts as (
    select
        currency,
        {{ reporting_date('ordered_at') }} as amount_date
    from {{ ref('stg_orders') }}
    union all
    select
        currency,
        event_date as amount_date
    from {{ ref('int_conversion_events') }}
    where value is not null
    union all
    select
        currency,
        event_date as amount_date
    from {{ ref('int_product_events') }}
    where
        normalized_event_name = 'order_completed'
        and price is not null
),

-- A day and a currency are asked about once, however many amounts there are of them.
asked as (
    select distinct
        coalesce(currency, '(none)') as currency,
        coalesce(amount_date, date '0001-01-01') as amount_date
    from amounts
),

ranked as (
    select
        asked.currency,
        asked.amount_date,
        rates.rate,
        row_number() over (
            partition by asked.currency, asked.amount_date
            order by
                case when rates.valid_from is null then 1 else 0 end asc,
                rates.valid_from desc
        ) as recency
    from asked
    left join rates
        on
            asked.currency = rates.currency
            and asked.amount_date >= coalesce(rates.valid_from, date '0001-01-01')
),

-- Who gives no rates at all reports in one currency, and nothing is converted.
found as (
    select
        ranked.currency,
        ranked.amount_date,
        case
            when rates_counted.rate_count = 0 then {{ as_factor(1) }}
            else ranked.rate
        end as exchange_rate
    from ranked
    cross join rates_counted
    where ranked.recency = 1
)

select * from found
