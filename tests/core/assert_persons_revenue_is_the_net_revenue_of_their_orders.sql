-- No money is lost or counted twice between the orders and the persons; orders of
-- nobody known stand aside.
with

ordered as (
    select
        person_id,
        count(case when counts_as_sale then 1 end) as order_count,
        sum(reporting_revenue) as net_revenue
    from {{ ref('orders') }}
    where person_id is not null
    group by person_id
)

select
    persons.person_id as person_id_in_persons,
    ordered.person_id as person_id_in_orders,
    persons.order_count,
    ordered.order_count as counted_order_count,
    persons.revenue,
    ordered.net_revenue
from {{ ref('persons') }} as persons
full outer join ordered
    on persons.person_id = ordered.person_id
where
    persons.person_id is null
    or persons.order_count <> coalesce(ordered.order_count, 0)
    or persons.revenue is distinct from coalesce(ordered.net_revenue, 0)
