{%- set rejection_reasons = [
    'missing_event_id', 'missing_event_name', 'unparseable_occurred_at',
    'missing_identity', 'time_in_future', 'time_too_old', 'malformed_properties'
] %}
{%- set bot_categories = [
    'crawler', 'ai_crawler', 'preview', 'monitor', 'library', 'headless'
] %}

with

loads as (
    select * from {{ ref('int_raw_rows_by_load') }}
),

events as (
    select
        session_days.load_date,
        session_days.event_count,
        sessions.bot_category
    from {{ ref('int_session_days_counted') }} as session_days
    left join {{ ref('int_sessions_identified') }} as sessions
        on session_days.session_key = sessions.session_key
),

event_counts as (
    select
        load_date,
        {%- for category in bot_categories %}
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
        {%- for reason in rejection_reasons %}
            count(case when reason = '{{ reason }}' then 1 end)
                as rejected_{{ reason }},
        {%- endfor %}
        count(*) as rejected
    from {{ ref('rejected_events') }}
    group by load_date
),

-- A row that was not refused and is no event is a copy of one.
joined as (
    select
        loads.load_date,
        loads.raw_count as raw,
        {%- for reason in rejection_reasons %}
            coalesce(rejected_counts.rejected_{{ reason }}, 0)
                as rejected_{{ reason }},
        {%- endfor %}
        {%- for category in bot_categories %}
            coalesce(event_counts.bot_{{ category }}, 0) as bot_{{ category }},
        {%- endfor %}
        coalesce(event_counts.accepted, 0) as accepted,
        loads.raw_count
        - coalesce(event_counts.accepted, 0)
        - coalesce(rejected_counts.rejected, 0) as duplicate,
        coalesce(rejected_counts.rejected, 0) as rejected
    from loads
    left join event_counts
        on loads.load_date = event_counts.load_date
    left join rejected_counts
        on loads.load_date = rejected_counts.load_date
)

select * from joined
