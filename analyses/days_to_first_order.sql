-- How long does it take from the first visit to the first order, by first channel?
--
-- One row per channel of the first visit. The shares are of everybody whom the channel
-- brought first, buyers or not; whoever came yesterday has had a day to buy. The median
-- is over those who bought. With few buyers it says little.
with

persons as (
    select
        first_channel,
        {{ microseconds_between('first_seen_at', 'first_ordered_at') }} as microseconds
    from {{ ref('persons') }}
    where first_channel is not null
),

timed as (
    select
        first_channel,
        {{ as_seconds('microseconds') }} / 86400 as days_to_order,
        {{ median_input('microseconds', 'first_channel') }} as median_input
    from persons
),

counted as (
    select
        first_channel,
        count(*) as persons,
        count(days_to_order) as buyers,
        count(case when days_to_order <= 7 then 1 end) as bought_within_7_days,
        count(case when days_to_order <= 30 then 1 end) as bought_within_30_days,
        {{ as_seconds(median_of('median_input')) }} / 86400 as median_days_to_order
    from timed
    group by first_channel
),

rated as (
    select
        first_channel,
        persons,
        buyers,
        round({{ ratio('bought_within_7_days', 'persons') }}, 3) as within_7_days,
        round({{ ratio('bought_within_30_days', 'persons') }}, 3) as within_30_days,
        round(median_days_to_order, 1) as median_days
    from counted
)

select * from rated
order by persons desc, first_channel asc
