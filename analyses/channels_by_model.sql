-- What does each channel bring, and how much hangs on the model of attribution?
--
-- One row per channel: net revenue by five of the eight models, each of which adds up
-- to the revenue of all orders. What first_touch gives more than last_touch finds new
-- buyers; what has more by last_touch closes. By last_non_direct a typed address takes
-- nothing from what brought the person before. Shapley shares an order equally among
-- the channels of its path; markov by what would be lost without them.
with

revenue as (
    select
        channel,
        attribution_model,
        sum(revenue) as revenue
    from {{ ref('channel_performance') }}
    group by channel, attribution_model
),

pivoted as (
    select
        channel,
        sum(case when attribution_model = 'first_touch' then revenue end)
            as first_touch,
        sum(case when attribution_model = 'last_touch' then revenue end) as last_touch,
        sum(case when attribution_model = 'last_non_direct' then revenue end)
            as last_non_direct,
        sum(case when attribution_model = 'markov' then revenue end) as markov,
        sum(case when attribution_model = 'shapley' then revenue end) as shapley
    from revenue
    group by channel
),

rounded as (
    select
        channel,
        round(first_touch, 0) as first_touch,
        round(last_touch, 0) as last_touch,
        round(last_non_direct, 0) as last_non_direct,
        round(markov, 0) as markov,
        round(shapley, 0) as shapley
    from pivoted
    where greatest(first_touch, last_touch, last_non_direct) > 0
)

select * from rounded
order by shapley desc, channel asc
