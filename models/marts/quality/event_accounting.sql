with

raw_events as (
    select
        cast(loaded_at as date) as load_date,
        refusal_reason
    from {{ ref('stg_events') }}
),

duplicates as (
    select
        cast(loaded_at as date) as load_date,
        count(*) as duplicate
    from {{ ref('int_events_deduplicated') }}
    where copy_number > 1
    group by load_date
),

events as (
    select
        cast(loaded_at as date) as load_date,
        bot_category
    from {{ ref('events') }}
),

raw_counts as (
    select
        load_date,
        count(*) as raw,
        count(case when refusal_reason = 'missing_event_id' then 1 end)
            as rejected_missing_event_id,
        count(case when refusal_reason = 'missing_event_name' then 1 end)
            as rejected_missing_event_name,
        count(case when refusal_reason = 'unparseable_occurred_at' then 1 end)
            as rejected_unparseable_occurred_at,
        count(case when refusal_reason = 'missing_identity' then 1 end)
            as rejected_missing_identity,
        count(case when refusal_reason = 'time_in_future' then 1 end)
            as rejected_time_in_future,
        count(case when refusal_reason = 'time_too_old' then 1 end)
            as rejected_time_too_old,
        count(case when refusal_reason = 'malformed_properties' then 1 end)
            as rejected_malformed_properties
    from raw_events
    group by load_date
),

event_counts as (
    select
        load_date,
        count(*) as accepted,
        count(case when bot_category = 'crawler' then 1 end) as bot_crawler,
        count(case when bot_category = 'ai_crawler' then 1 end) as bot_ai_crawler,
        count(case when bot_category = 'preview' then 1 end) as bot_preview,
        count(case when bot_category = 'monitor' then 1 end) as bot_monitor,
        count(case when bot_category = 'library' then 1 end) as bot_library,
        count(case when bot_category = 'headless' then 1 end) as bot_headless
    from events
    group by load_date
),

rejected_counts as (
    select
        cast(loaded_at as date) as load_date,
        count(*) as rejected
    from {{ ref('rejected_events') }}
    group by load_date
),

-- Each figure is counted on its own, so that a test can hold them against each other.
joined as (
    select
        raw_counts.load_date,
        raw_counts.raw,
        raw_counts.rejected_missing_event_id,
        raw_counts.rejected_missing_event_name,
        raw_counts.rejected_unparseable_occurred_at,
        raw_counts.rejected_missing_identity,
        raw_counts.rejected_time_in_future,
        raw_counts.rejected_time_too_old,
        raw_counts.rejected_malformed_properties,
        coalesce(event_counts.accepted, 0) as accepted,
        coalesce(duplicates.duplicate, 0) as duplicate,
        coalesce(rejected_counts.rejected, 0) as rejected,
        coalesce(event_counts.bot_crawler, 0) as bot_crawler,
        coalesce(event_counts.bot_ai_crawler, 0) as bot_ai_crawler,
        coalesce(event_counts.bot_preview, 0) as bot_preview,
        coalesce(event_counts.bot_monitor, 0) as bot_monitor,
        coalesce(event_counts.bot_library, 0) as bot_library,
        coalesce(event_counts.bot_headless, 0) as bot_headless
    from raw_counts
    left join event_counts
        on raw_counts.load_date = event_counts.load_date
    left join duplicates
        on raw_counts.load_date = duplicates.load_date
    left join rejected_counts
        on raw_counts.load_date = rejected_counts.load_date
)

select * from joined
