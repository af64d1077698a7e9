-- depends_on: {{ ref('exchange_rates') }}
with

source as (
    {{ read_definition('exchange_rates') }}
),

typed as (
    select
        {{ currency_code('currency') }} as currency,
        {{ as_factor('rate') }} as rate,
        cast({{ parse_timestamp('valid_from') }} as date) as valid_from,
        row_number() over (
            partition by
                {{ currency_code('currency') }},
                cast({{ parse_timestamp('valid_from') }} as date)
            order by rate
        ) as place
    from source
),

-- A definition test refuses two rates of one day; the tables do not multiply.
final as (
    select
        currency,
        rate,
        valid_from
    from typed
    where place = 1
)

select * from final
