with

loads as (
    select * from {{ ref('int_loads_judged') }}
),

events as (
    select
        session_days.load_date,
        session_days.event_count,
        sessions.bot_category
    from {{ ref('int_session_days_counted') }} as session_days
    left join {{ ref('int_sessions_identified') }} as sessions
        on session_days.session_id = sessions.session_id
),

raw_counts as (
    select
        load_date,
        cast(sum(row_count) as bigint) as raw,
        {%- for reason in [
            'missing_event_id', 'missing_event_name', 'unparseable_occurred_at',
            'missing_identity', 'time_in_future', 'time_too_old', 'malformed_properties'
        ] %}
            cast(sum(case
                when refusal_reason = '{{ reason }}' then row_count
                else 0
            end) as bigint) as rejected_{{ reason }},
        {%- endfor %}
        cast(sum(case when refusal_reason is null then row_count else 0 end) as bigint)
            as acceptable
    from loads
    group by load_date
),

event_counts as (
    select
        load_date,
        {%- for category in [
            'crawler', 'ai_crawler', 'preview', 'monitor', 'library', 'headless'
        ] %}
            cast(sum(case
                when bot_category = '{{ category }}' then event_count
                else 0
            end) as bigint) as bot_{{ category }},
        {%- endfor %}
        cast(sum(event_count) as bigint) as accepted
    from events
    group by load_date
),

rejected_counts as (
    select
        load_date,
        count(*) as rejected
    from {{ ref('rejected_events') }}
    group by load_date
),

-- A row that is fit to be an event and is none is a copy of one. What was refused is
-- counted from the refused rows themselves, so that a test can hold it against the
-- rest.
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
        raw_counts.acceptable - coalesce(event_counts.accepted, 0) as duplicate,
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
    left join rejected_counts
        on raw_counts.load_date = rejected_counts.load_date
)

select * from joined
