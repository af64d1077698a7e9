-- What does Instagram bring, beside the other channels?
--
-- One row per channel, with Instagram's two ways in taken out of theirs. Sessions,
-- persons, orders and net revenue are those of the visits that came this way; a later
-- visit by a typed address is Direct's. `came_again` is the share of the persons whose
-- first visit came this way that have made another, by whatever way.
with

sessions as (
    select
        session_id,
        person_id,
        session_number,
        order_count,
        revenue,
        case
            when lower(source) like '%instagram%' and channel like 'Paid%'
                then 'Instagram, paid'
            when lower(source) like '%instagram%' then 'Instagram, organic'
            else channel
        end as origin
    from {{ ref('sessions') }}
    where not is_bot
),

persons as (
    select * from {{ ref('persons') }}
),

joined as (
    select
        sessions.*,
        case
            when sessions.session_number > 1 then null
            when persons.session_count > 1 then 1
            else 0
        end as is_first_of_several
    from sessions
    inner join persons
        on sessions.person_id = persons.person_id
),

added_up as (
    select
        origin,
        count(*) as sessions,
        count(distinct person_id) as persons,
        sum(order_count) as orders,
        round(sum(revenue), 2) as net_revenue,
        round(avg(is_first_of_several), 2) as came_again
    from joined
    group by origin
)

select * from added_up
order by sessions desc
