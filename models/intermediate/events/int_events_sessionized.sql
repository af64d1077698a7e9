{{ config(**replaced_by_day(
    'event_date', cluster_by=['anonymous_id', 'normalized_event_name'],
    is_filter_required=true, sliced_as='int_events_read_this_run',
    pre_hook="{{ record_dates(touched_dates(
        ref('int_events_read_this_run'), ref('load_ledger'), ref('load_contents_ledger')
    )) }}"
)) }}
-- depends_on: {{ ref('increment_marks') }}, {{ ref('event_date_ledger') }}

{%- set loads = loads_to_read(ref('load_ledger')) %}
{%- set touched = touched_dates(
    ref('int_events_read_this_run'), ref('load_ledger'), ref('load_contents_ledger')
) %}
{#- A change is felt until the third day after it, and three days before a day decide it:
    a session lasts less than two days of UTC, and whether it was cut at a midnight is decided
    by the day before, in every time zone. -#}
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

-- Of the copies of an event in several load dates the first loaded stays the event. What
-- was read says so of itself, and the last run of what it left; where either meets the
-- other it is worked out anew: all copies of an event that was read or replaced are here.
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
    select
        narrow.*,
        case when narrow.is_page_view then 0 else 1 end as kind_order
    from narrow
    left join first_copies
        on narrow.event_key = first_copies.event_key
    where
        narrow.is_device_event
        and not coalesce(
            narrow.loaded_at > first_copies.first_loaded_at, narrow.is_duplicate
        )
),

-- One order of a device's events for all that follows. Events of one instant without a
-- number of their own stand in the order of what they are, page views first: the id, drawn
-- at random, decides between equals alone.
ordered as (
    select
        event_key,
        event_date,
        anonymous_id,
        user_id,
        occurred_at,
        loaded_at,
        lag(occurred_at) over (
            partition by anonymous_id
            order by
                occurred_at, coalesce(sequence_number, 0), kind_order,
                normalized_event_name, coalesce(page, ''), event_key
        ) as previous_occurred_at,
        row_number() over (
            partition by anonymous_id
            order by
                occurred_at, coalesce(sequence_number, 0), kind_order,
                normalized_event_name, coalesce(page, ''), event_key
        ) as device_index
    from single
),

-- A chain is a run of a device's events without a pause. A silence of exactly the timeout
-- still continues it.
paused as (
    select
        *,
        case
            when
                previous_occurred_at is null
                or {{ microseconds_between('previous_occurred_at', 'occurred_at') }}
                > {{ var('session_timeout_minutes') * 60000000 }}
                then occurred_at
        end as chain_starts_at
    from ordered
),

chained as (
    select
        *,
        max(chain_starts_at) over (
            partition by anonymous_id
            order by device_index
            rows between unbounded preceding and current row
        ) as chain_started_at
    from paused
),

-- A visit is a chain; of a device that never pauses, a piece of it: it is cut at the
-- midnight (UTC) that ends a day through which the chain went whole. No other midnight and
-- no campaign ends a visit.
visited as (
    select
        *,
        max(
            case
                when
                    chain_starts_at is not null
                    or (
                        cast(previous_occurred_at as date) < cast(occurred_at as date)
                        and cast(chain_started_at as date)
                        < cast(previous_occurred_at as date)
                    )
                    then device_index
            end
        ) over (
            partition by anonymous_id
            order by device_index
            rows between unbounded preceding and current row
        ) as visit_starts_at_index
    from chained
),

-- Within a visit a session ends before the first event of another user than the one who
-- was signed in so far. What came before the first sign-in belongs to who signs in then.
signed_in as (
    select
        *,
        lag(user_id) over (
            partition by anonymous_id, visit_starts_at_index, user_id is null
            order by device_index
        ) as previous_user_id
    from visited
),

parted as (
    select
        *,
        max(
            case
                when visit_starts_at_index = device_index or user_id != previous_user_id
                    then device_index
            end
        ) over (
            partition by anonymous_id
            order by device_index
            rows between unbounded preceding and current row
        ) as first_index
    from signed_in
),

-- The first event names its session, so the name is the same in every rebuild.
sessions as (
    select
        anonymous_id,
        device_index as first_index,
        event_key as session_key,
        event_date as session_date
    from parted
    where device_index = first_index
),

found as (
    select
        parted.event_key,
        parted.loaded_at,
        sessions.session_key,
        sessions.session_date,
        parted.device_index - parted.first_index + 1 as event_index
    from parted
    inner join sessions
        on
            parted.anonymous_id = sessions.anonymous_id
            and parted.first_index = sessions.first_index
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
