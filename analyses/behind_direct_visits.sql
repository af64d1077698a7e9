-- What had brought the people who come by a typed address?
--
-- One row per channel of the last earlier visit that was not direct, at most 30 days
-- before; Direct where there was none. Visits, persons, orders and net revenue are
-- those of the direct visits.
with

direct_visits as (
    select
        last_non_direct_channel,
        person_id,
        order_count,
        revenue
    from {{ ref('sessions') }}
    where not is_bot and {{ is_direct('source') }}
),

counted as (
    select
        last_non_direct_channel as brought_by,
        count(*) as visits,
        count(distinct person_id) as persons,
        sum(order_count) as orders,
        sum(revenue) as revenue
    from direct_visits
    group by last_non_direct_channel
),

rated as (
    select
        brought_by,
        visits,
        round({{ ratio('visits', 'sum(visits) over ()') }}, 3) as visit_share,
        persons,
        orders,
        round(revenue, 2) as net_revenue
    from counted
)

select * from rated
order by visits desc, brought_by asc
