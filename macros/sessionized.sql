{#- A whole select: the rule of a session. Of a CTE of events, each once, that happened on
    devices: event_key and loaded_at of each with session_key, session_date and event_index.
    The CTE has event_key, event_date, anonymous_id, user_id, normalized_event_name, page,
    sequence_number, is_page_view, occurred_at and loaded_at, and of each device the events of
    three days before the first that is asked about. -#}
{% macro sessionized(events) -%}
    with

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
                    occurred_at,
                    coalesce(sequence_number, 0),
                    case when is_page_view then 0 else 1 end,
                    normalized_event_name, coalesce(page, ''), event_key
            ) as previous_occurred_at,
            row_number() over (
                partition by anonymous_id
                order by
                    occurred_at,
                    coalesce(sequence_number, 0),
                    case when is_page_view then 0 else 1 end,
                    normalized_event_name, coalesce(page, ''), event_key
            ) as device_index
        from {{ events }}
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
    )

    select * from found
{%- endmacro %}
