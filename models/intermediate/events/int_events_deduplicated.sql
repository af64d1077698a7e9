{{ config(**read_anew('loads', 'event_date', cluster_by=['event_id'])) }}

{%- set load_dates = load_dates_to_read() %}

with

events as (
    select * from {{ ref('stg_events') }}
    where refusal_reason is null and {{ on_load_dates(load_dates) }}
),

-- A retry repeats the id and the device's time, so the copies of one event share the
-- UTC day of the device's clock. An id that comes back on another day is a tracker's
-- defect, and another event.
repeated_ids as (
    select
        event_id,
        device_date
    from {{ ref('stg_events') }}
    where {{ on_load_dates(load_dates) }}
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
    from events
    inner join repeated_ids
        on
            events.event_id = repeated_ids.event_id
            and events.device_date = repeated_ids.device_date
),

singles as (
    select
        events.*,
        1 as copy_number
    from events
    left join repeated_ids
        on
            events.event_id = repeated_ids.event_id
            and events.device_date = repeated_ids.device_date
    where repeated_ids.event_id is null
),

numbered as (
    select * from copies
    where copy_number = 1
    union all
    select * from singles
),

final as (
    select
        event_id,
        anonymous_id,
        user_id,
        {{ json_id('properties', 'order_id') }} as order_id,

        event_name,
        normalized_event_name,
        platform,
        app_version,
        page,
        page_url,
        page_title,
        page_referrer,
        element,
        user_agent,
        device_category,
        os,
        browser,
        country,
        language,
        properties,

        -- Server events happen on no device, whatever ids they carry.
        anonymous_id is not null and coalesce(lower(platform), '') != 'server'
            as is_device_event,
        normalized_event_name in (
            {%- for event_name in var('page_view_events') -%}
                '{{ event_name | lower }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
        ) as is_page_view,

        {{ reporting_date('occurred_at') }} as event_date,
        device_date,
        occurred_at,
        device_occurred_at,
        received_at,
        loaded_at
    from numbered
)

select * from final
