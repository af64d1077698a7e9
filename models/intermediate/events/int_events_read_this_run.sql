{{ config(
    partition_by=partitioned_by_day('event_date'),
    cluster_by=['event_key'],
    meta={'is_of_this_run': true}
) }}
-- depends_on: {{ ref('increment_marks') }}

{%- set loads = loads_to_read(ref('load_ledger')) %}
{%- set event_key = event_key(
    'event_id', 'coalesce(anonymous_id, user_id)', 'device_date'
) %}

{#- Written out where it is read, twice: of a CTE that is read twice DuckDB makes a
    table, and to store the widest rows takes longer than to read them again. -#}
{%- set events %}(
        select
            *,
            cast(loaded_at as date) as load_date,
            {{ event_key }} as event_key
        from {{ ref('stg_events') }}
        where refusal_reason is null and {{ on_load_dates(loads) }}
    ) as events
{%- endset %}

with

-- A retry repeats the id and the device's time, so the copies of one event share the
-- device, else the user, and the UTC day of the device's clock. An id that comes back
-- on another day is a tracker's defect, and another event.
repeated as (
    select {{ event_key }} as event_key
    from {{ ref('stg_events') }}
    where {{ on_load_dates(loads) }}
    group by {{ event_key }}
    having count(*) > 1
),

-- Which copy stays depends on the rows alone, never on the order of loading: the first
-- that was loaded, then the first received, then the content. Only the few events that
-- come more than once are put in order; ordering all rows takes ten times as long.
copies as (
    select
        events.*,
        row_number() over (
            partition by events.event_key, events.load_date
            order by
                events.loaded_at,
                events.received_at nulls last,
                {{ event_payload('events') }}
        ) as copy_number_of_load,
        min(events.load_date) over (partition by events.event_key) as first_load_date
    from {{ events }}
    where events.event_key in (select repeated.event_key from repeated)
),

-- One copy a load date is kept: should the first be deleted, the next stands in for it.
kept as (
    select * from copies
    where copy_number_of_load = 1
    union all
    select
        events.*,
        1 as copy_number_of_load,
        events.load_date as first_load_date
    from {{ events }}
    left join repeated on events.event_key = repeated.event_key
    where repeated.event_key is null
),

-- Each address is read once: a log repeats them, and to read one takes long.
addresses as (
    select
        page_url,
        {{ page_path('page_url') }} as page,
        {{ url_host('page_url') }} as page_host
    from (
        select distinct page_url from {{ ref('stg_events') }}
        where page_url is not null and {{ on_load_dates(loads) }}
    ) as urls
),

-- A tracker's name of an event stands for the standard name that people define by.
named as (
    select
        kept.*,
        addresses.page_host,
        coalesce(addresses.page, kept.screen_name) as page,
        coalesce(event_names.standard_name, kept.normalized_event_name)
            as standard_event_name
    from kept
    left join {{ ref('stg_event_names') }} as event_names
        on kept.normalized_event_name = event_names.event_name
    left join addresses on kept.page_url = addresses.page_url
),

final as (
    select
        event_key,
        event_id,
        anonymous_id,
        user_id,
        {{ json_id('properties', 'order_id') }} as order_id,

        event_name,
        standard_event_name as normalized_event_name,
        platform,
        app_version,
        page,
        page_host,
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
        source,
        medium,
        campaign,
        term,
        content,
        click_id,
        properties,

        sequence_number,

        -- Server events happen on no device, whatever ids they carry.
        anonymous_id is not null and coalesce(lower(platform), '') != 'server'
            as is_device_event,
        standard_event_name in (
            {%- for event_name in var('page_view_events') -%}
                '{{ event_name | lower }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
        ) as is_page_view,
        load_date > first_load_date as is_duplicate,

        {{ reporting_date('occurred_at') }} as event_date,
        device_date,
        occurred_at,
        device_occurred_at,
        received_at,
        loaded_at
    from named
)

select * from final
