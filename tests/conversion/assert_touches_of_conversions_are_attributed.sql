-- A touch for a touch, and a conversion without one under (unattributed).
with

touched as (
    select
        conversions.conversion_id,
        touchpoints.session_id,
        coalesce(touchpoints.touch_index, 0) as touch_index,
        coalesce(touchpoints.channel, '(unattributed)') as channel
    from {{ ref('conversions_mart') }} as conversions
    left join {{ ref('touchpoints') }} as touchpoints
        on conversions.conversion_id = touchpoints.conversion_id
),

attributed as (
    select
        conversion_id,
        touch_index,
        channel,
        session_id
    from {{ ref('attribution') }}
    where attribution_model = 'linear'
)

select
    touched.conversion_id as conversion_id_touched,
    attributed.conversion_id as conversion_id_attributed,
    touched.touch_index,
    touched.channel,
    attributed.channel as attributed_channel
from touched
full outer join attributed
    on
        touched.conversion_id = attributed.conversion_id
        and touched.touch_index = attributed.touch_index
where
    touched.conversion_id is null
    or attributed.conversion_id is null
    or touched.channel <> attributed.channel
    or touched.session_id is distinct from attributed.session_id
