{{ config(**appended()) }}

{%- set dates = dates_around_touched() %}
{%- set batch = read_batch() %}
{#- Built anew without counting the loads before: the tables behind have to hear of it. -#}
{%- if execute and not has_history() and is_incremental() and batch <= newest_batch(this) %}
    {%- set batch = next_batch() %}
{%- endif %}

with

changed as (
    select * from {{ ref('int_events_changed') }}
),

assigned as (
    select * from {{ ref('int_events_assigned') }}
    where {{ 'true' if has_history() else 'false' }}
),

held as (
    {{ held_rows([
        'event_id', 'device_date', 'event_date', 'session_id', 'session_date', 'event_index'
    ], dates) }}
),

-- Sessions that are no longer, or not yet, what the event table holds of them.
moved as (
    select
        assigned.session_id as new_session_id,
        held.session_id as old_session_id
    from assigned
    left join held
        on
            assigned.event_id = held.event_id
            and assigned.device_date = held.device_date
    where
        assigned.is_reached
        and (
            held.session_id is null
            or assigned.session_id != held.session_id
            or assigned.event_index != held.event_index
            or assigned.session_date != held.session_date
        )
    union distinct
    select
        case when changed.kind = 'fresh' then assigned.session_id end
            as new_session_id,
        case when changed.kind = 'stale' then held.session_id end
            as old_session_id
    from changed
    left join assigned
        on
            changed.event_id = assigned.event_id
            and changed.device_date = assigned.device_date
    left join held
        on
            changed.event_id = held.event_id
            and changed.device_date = held.device_date
),

-- All days of these sessions, so that whatever is made of a session is made again
-- whole.
dirtied as (
    select event_date from changed
    union distinct
    select event_date from assigned
    where session_id in (select moved.new_session_id from moved)
    union distinct
    select event_date from held
    where session_id in (select moved.old_session_id from moved)
    {%- for day in days_of_range() %}
        union distinct
        select date '{{ day }}' as event_date
    {%- endfor %}
),

-- No date at all stands for every date. A batch that dirties none is told by the first
-- day of the calendar, so that its number is used up.
numbered as (
    select
        cast({{ batch }} as bigint) as batch_number,
        event_date
    from dirtied
    {%- if not has_history() %}
        union all
        select
            cast({{ batch }} as bigint) as batch_number,
            cast(null as date) as event_date
    {%- elif not is_incremental() or batch > newest_batch(this) %}
        union all
        select
            cast({{ batch }} as bigint) as batch_number,
            date '0001-01-01' as event_date
    {%- endif %}
)

select * from numbered
