-- depends_on: {{ ref('order_statuses') }}
with

source as (
    {{ read_definition('order_statuses') }}
),

keyed as (
    select
        status,
        {{ status_key('status') }} as status_key,
        coalesce(counts_as_sale, false) and not coalesce(is_cancelled, false)
            as counts_as_sale,
        coalesce(is_cancelled, false) as is_cancelled,
        coalesce(is_refunded, {{ status_key('status') }} = 'refunded') as is_refunded,
        row_number() over (
            partition by {{ status_key('status') }}
            order by status
        ) as place
    from source
),

-- A definition test refuses two spellings of one status; the tables do not multiply.
final as (
    select
        status,
        status_key,
        counts_as_sale,
        is_cancelled,
        is_refunded
    from keyed
    where place = 1
)

select * from final
