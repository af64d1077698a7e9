{{ config(**read_anew('int_events_deduplicated', 'event_date', cluster_by=['kind'])) }}

{%- set load_dates = load_dates_to_read() %}
{%- set rebuilt = rebuilt_range() %}

with

arrived as (
    select * from {{ ref('int_events_deduplicated') }}
    where {{ 'true' if has_history() else 'false' }}
),

-- Copies of the same events, and whatever else came with the same loads.
held as (
    {{ held_rows([
        'event_id', 'device_date', 'event_date', 'anonymous_id', 'user_id',
        'is_device_event', 'loaded_at'
    ], dates_of_copies(load_dates)) }}
),

held_again as (
    select * from (
        {{ held_rows(event_columns(), dates_of_loads(load_dates)) }}
    ) as held_of_days
    where {{ on_dates('cast(loaded_at as date)', load_dates) }}
),

-- A load date is read whole. So what is held of it and not read again is gone, and two
-- copies of one event stand either both among the rows read, where the first was
-- chosen, or differ in their load date.
compared as (
    select
        coalesce(arrived.event_id, held_again.event_id) as event_id,
        coalesce(arrived.device_date, held_again.device_date) as device_date,
        coalesce(
            arrived.event_id = held_again.event_id
            {%- for column in event_columns() %}
                and arrived.{{ column }} is not distinct from held_again.{{ column }}
            {%- endfor %}
            {%- if rebuilt %}
                and arrived.event_date
                not between date '{{ rebuilt[0] }}' and date '{{ rebuilt[1] }}'
            {%- endif %},
            false
        ) as is_same
    from arrived
    full outer join held_again
        on
            arrived.event_id = held_again.event_id
            and arrived.device_date = held_again.device_date
),

other_copies as (
    select
        held.*,
        held.loaded_at < arrived.loaded_at as was_first
    from held
    inner join arrived
        on
            held.event_id = arrived.event_id
            and held.device_date = arrived.device_date
    where not ({{ on_dates('cast(held.loaded_at as date)', load_dates) }})
),

-- What enters the event table: rows read that are not there yet, unless it holds an
-- earlier copy.
fresh as (
    select
        arrived.event_id,
        arrived.device_date,
        arrived.event_date,
        arrived.anonymous_id,
        arrived.user_id,
        arrived.is_device_event
    from arrived
    inner join compared
        on
            arrived.event_id = compared.event_id
            and arrived.device_date = compared.device_date
    left join other_copies
        on
            arrived.event_id = other_copies.event_id
            and arrived.device_date = other_copies.device_date
    where
        not compared.is_same
        and not coalesce(other_copies.was_first, false)
),

-- What leaves it: rows replaced by what was read, and rows that are gone.
stale as (
    select held.* from held
    left join compared
        on
            held.event_id = compared.event_id
            and held.device_date = compared.device_date
    left join other_copies
        on
            held.event_id = other_copies.event_id
            and held.device_date = other_copies.device_date
    where
        (
            {{ on_dates('cast(held.loaded_at as date)', load_dates) }}
            and not coalesce(compared.is_same, true)
        )
        or not coalesce(other_copies.was_first, true)
),

unioned as (
    {%- for kind in ['fresh', 'stale'] %}
        select
            '{{ kind }}' as kind,
            event_id,
            device_date,
            event_date,
            is_device_event,
            case when is_device_event then anonymous_id end as anonymous_id,
            user_id
        from {{ kind }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from unioned
