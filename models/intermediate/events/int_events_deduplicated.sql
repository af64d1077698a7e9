{{ config(materialized='view') }}

with

-- A retry repeats the id and the device's time, so the copies of one event share the
-- UTC day of the device's clock. An id that comes back on another day is a tracker's
-- defect, and another event.
repeated_ids as (
    select
        event_id,
        device_date
    from {{ ref('stg_events') }}
    group by event_id, device_date
    having count(*) > 1
),

-- Which copy stays depends on the rows alone, never on the order of loading: the first
-- that was loaded, then the first received, then the content. Only the few ids that
-- come more than once are put in order; ordering all rows takes ten times as long.
copies as (
    select
        events.*,
        row_number() over (
            partition by events.event_id, events.device_date
            order by
                events.loaded_at,
                events.received_at nulls last,
                {{ event_payload('events') }}
        ) as copy_number
    from {{ ref('stg_events') }} as events
    inner join repeated_ids
        on
            events.event_id = repeated_ids.event_id
            and events.device_date = repeated_ids.device_date
    where events.refusal_reason is null
),

singles as (
    select
        events.*,
        1 as copy_number
    from {{ ref('stg_events') }} as events
    left join repeated_ids
        on
            events.event_id = repeated_ids.event_id
            and events.device_date = repeated_ids.device_date
    where
        events.refusal_reason is null
        and repeated_ids.event_id is null
),

numbered as (
    select * from copies
    union all
    select * from singles
),

final as (
    select
        event_id,
        event_name,
        anonymous_id,
        user_id,
        platform,
        app_version,
        page_url,
        page_title,
        page_referrer,
        screen_name,
        page,
        element,
        user_agent,
        device_category,
        os,
        browser,
        country,
        language,
        properties,
        normalized_event_name,
        occurred_at,
        device_occurred_at,
        received_at,
        loaded_at,
        device_date,
        refusal_reason,
        copy_number
    from numbered
)

select * from final
