with

rates as (
    select
        {{ trimmed('currency') }} as currency,
        nullif({{ trimmed('valid_from') }}, '') as valid_from,
        {{ trimmed('rate') }} as rate
    from {{ ref('exchange_rates') }}
),

judged as (
    select
        *,
        case
            when valid_from is not null and {{ parse_timestamp('valid_from') }} is null
                then concat(
                    'valid_from is ', valid_from, '; write the day as 2026-03-31.'
                )
            when {{ as_factor('rate') }} is null or {{ as_factor('rate') }} <= 0
                then concat(
                    'rate is ', coalesce(nullif(rate, ''), 'empty'),
                    '; give a number above 0 with a point and at most nine decimals.'
                )
        end as mistake
    from rates
),

repeated as (
    select
        upper(currency) as currency,
        coalesce(valid_from, 'always') as valid_from,
        count(*) as row_count
    from rates
    group by upper(currency), coalesce(valid_from, 'always')
    having count(*) > 1
)

select
    'exchange_rates.csv' as file_name,
    currency as row_name,
    concat(
        'exchange_rates.csv, ', coalesce(nullif(currency, ''), '(no currency)'), ': ',
        mistake
    ) as problem
from judged
where mistake is not null
union all
select
    'exchange_rates.csv' as file_name,
    currency as row_name,
    concat(
        'exchange_rates.csv, ', currency, ' from ', valid_from, ': there are ',
        cast(row_count as string), ' rates of that day; keep one.'
    ) as problem
from repeated
