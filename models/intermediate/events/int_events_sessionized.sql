{{ config(**replaced_by_day(
    'event_date', cluster_by=['anonymous_id', 'normalized_event_name'],
    definitions=['stg_event_names', 'stg_ignored_values'], is_filter_required=true,
    sliced_as='int_events_read_this_run',
    pre_hook="{{ record_dates(touched_dates(
        ref('int_events_read_this_run'), ref('load_ledger'), ref('load_contents_ledger')
    )) }}"
)) }}
-- depends_on: {{ ref('increment_marks') }}, {{ ref('event_date_ledger') }}

{%- set loads = loads_to_read(ref('load_ledger')) %}
{%- set touched = touched_dates(
    ref('int_events_read_this_run'), ref('load_ledger'), ref('load_contents_ledger')
) %}
{#- A change is felt until the third day after it, and three days before a day decide
    it: a session lasts less than two days of UTC, and whether it was cut at midnight is
    decided by the day before, in every time zone. -#}
{%- set dates = widened(touched, 0, 3) %}

with

-- What it takes to tell copies and sessions: the days to write and three before each.
narrow as (
    {{ current_rows(ref('int_events_read_this_run'), [
        'event_key', 'event_date', 'anonymous_id', 'user_id', 'normalized_event_name',
        'page', 'sequence_number', 'is_device_event', 'is_page_view', 'occurred_at',
        'loaded_at'
    ], loads, on_dates('event_date', dates, before=3)) }}
),

-- Of the copies of an event in several load dates the first loaded stays the event.
-- What was read says so of itself, and the last run of what it left; where either meets
-- the other it is worked out anew: all copies of an event that was read or replaced are
-- here.
changed_keys as (
    {{ changed_keys(ref('int_events_read_this_run'), loads, touched) }}
),

first_copies as (
    select
        event_key,
        min(loaded_at) as first_loaded_at
    from narrow
    where event_key in (select changed_keys.event_key from changed_keys)
    group by event_key
),

single as (
    select narrow.* from narrow
    left join first_copies
        on narrow.event_key = first_copies.event_key
    where
        narrow.is_device_event
        and not coalesce(
            narrow.loaded_at > first_copies.first_loaded_at, narrow.is_duplicate
        )
),

found as (
    {{ sessionized('single') }}
),

wide as (
    {{ current_rows(
        ref('int_events_read_this_run'), event_columns(), loads,
        on_dates('event_date', dates)
    ) }}
),

final as (
    select
        {%- for column in event_columns() %}
            wide.{{ column }},
        {%- endfor %}
        found.session_key,
        found.session_date,
        found.event_index,
        coalesce(wide.loaded_at > first_copies.first_loaded_at, wide.is_duplicate)
            as is_duplicate
    from wide
    left join first_copies
        on wide.event_key = first_copies.event_key
    left join found
        on
            wide.event_key = found.event_key
            and wide.loaded_at = found.loaded_at
)

select * from final
