with

base as (
    select * from {{ ref('base_events') }}
),

-- A wrong clock is wrong by the same amount when the event happens and when it is sent,
-- so the two times of the device's clock tell the delay. They measure nothing where the
-- sending lies before the event, and no clock where it is within a minute of the
-- receipt: that is the way, and to correct it would change the order of one device's
-- events.
measured as (
    select
        *,
        coalesce(
            sent_at >= occurred_at
            and (
                {{ microseconds_between('sent_at', 'received_at') }} > 60000000
                or {{ microseconds_between('sent_at', 'received_at') }} < -60000000
            ),
            false
        ) as is_measured
    from base
),

-- How long after the event the collector received it, in microseconds. Where the clock
-- is not measured the device is believed. A row without received_at was received when
-- it was loaded.
delayed as (
    select
        *,
        {{ microseconds_between(
            'occurred_at',
            'case when is_measured then sent_at '
            ~ 'else coalesce(received_at, loaded_at) end'
        ) }} as delay
    from measured
),

-- The corrected time is the receipt less the delay. A delay out of all bounds is
-- refused below and not calculated with, lest the sum leave the calendar. A row without
-- loaded_at, which no increment could see, counts as loaded when it was received.
corrected as (
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
        element,
        user_agent,
        device_category,
        os,
        browser,
        country,
        language,
        source,
        medium,
        campaign,
        term,
        content,
        click_id,
        properties,
        sequence_number,
        lower({{ trimmed('event_name') }}) as normalized_event_name,
        case
            when
                is_measured
                and delay between -86400000000 and 34560000000000
                then {{ add_microseconds('received_at', '-delay') }}
            else occurred_at
        end as occurred_at,
        delay,
        occurred_at as device_occurred_at,
        sent_at,
        received_at,
        coalesce(loaded_at, received_at, cast('1970-01-01' as timestamp)) as loaded_at,
        delivered_loaded_at,
        shard,
        event_id_text,
        anonymous_id_text,
        user_id_text,
        occurred_at_text,
        sent_at_text,
        received_at_text,
        loaded_at_text
    from delayed
),

-- The first reason that holds; null means that the row is accepted. History that is
-- loaded late has no received_at, and is not too old.
judged as (
    select
        *,
        cast(device_occurred_at as date) as device_date,
        case
            when event_id is null then 'missing_event_id'
            when {{ is_blank('event_name') }} then 'missing_event_name'
            when device_occurred_at is null then 'unparseable_occurred_at'
            when anonymous_id is null and user_id is null then 'missing_identity'
            when delay < -86400000000 then 'time_in_future'
            when received_at is not null and delay > 34560000000000
                then 'time_too_old'
            when not ({{ is_json_object('properties') }}) then 'malformed_properties'
        end as refusal_reason
    from corrected
)

select * from judged
