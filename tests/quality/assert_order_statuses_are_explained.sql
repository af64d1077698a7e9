-- It reads persons too, so that dbt runs it when all is built and skips nothing for it.
{{ config(meta={'explain': 'problem'}) }}

with

unexplained as (
    select
        orders_valued.status,
        count(*) as order_count,
        coalesce(sum(orders_valued.total_amount), 0) as total_amount
    from {{ ref('int_orders_valued') }} as orders_valued
    where not orders_valued.has_known_status
    group by orders_valued.status
),

persons as (
    select count(*) as person_count from {{ ref('persons') }}
)

select
    unexplained.status,
    unexplained.order_count,
    unexplained.total_amount,
    concat(
        'order_statuses.csv does not explain the status ',
        coalesce(unexplained.status, '(none): orders without one'), '. Its ',
        cast(unexplained.order_count as string), ' orders of ',
        cast(unexplained.total_amount as string),
        ' in all count as nothing. Add a row with that status to ',
        'seeds/definitions/order_statuses.csv and say whether it counts as a sale.'
    ) as problem
from unexplained
cross join persons
