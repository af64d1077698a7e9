{{ config(materialized='view') }}

{%- do also_reads('int_sign_ins_held') %}
{%- set dates = dates_around_touched() %}

with

changed as (
    select * from {{ ref('int_events_changed') }}
),

touched as (
    select * from {{ ref('int_device_dates_touched') }}
),

arrived as (
    select
        event_id,
        device_date,
        event_date,
        anonymous_id,
        user_id,
        occurred_at
    from {{ ref('int_events_deduplicated') }}
    where is_device_event
),

held as (
    {{ held_rows([
        'event_id', 'device_date', 'event_date', 'anonymous_id', 'user_id',
        'occurred_at', 'is_device_event'
    ], dates) }}
),

-- The events of touched devices around the touched days and, from all other days, who
-- was signed in last: it takes no more to find sessions.
events as (
    {%- if has_history() %}
        select
            held.event_id,
            held.device_date,
            held.event_date,
            held.anonymous_id,
            held.user_id,
            held.occurred_at
        from held
        left join changed
            on
                held.event_id = changed.event_id
                and held.device_date = changed.device_date
                and changed.change = 'stale'
        where
            changed.event_id is null
            and held.is_device_event
            and held.anonymous_id in (select touched.anonymous_id from touched)
        union all
        select arrived.* from arrived
        inner join changed
            on
                arrived.event_id = changed.event_id
                and arrived.device_date = changed.device_date
                and changed.change = 'fresh'
        union all
        select
            cast(null as string) as event_id,
            event_date as device_date,
            event_date,
            anonymous_id,
            last_user_id as user_id,
            last_signed_in_at as occurred_at
        from {{ ref('int_sign_ins_held') }}
        where
            not ({{ on_dates('event_date', dates) }})
            and anonymous_id in (select touched.anonymous_id from touched)
    {%- else %}
        select * from arrived
    {%- endif %}
)

select * from events
