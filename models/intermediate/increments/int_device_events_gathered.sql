{{ config(materialized='view') }}

{%- set dates = dates_around_touched() %}

with

events as (
    {{ current_events([
        'event_id', 'device_date', 'event_date', 'anonymous_id', 'user_id',
        'occurred_at', 'is_device_event'
    ], dates) }}
),

touched as (
    select * from {{ ref('int_device_dates_touched') }}
),

sign_ins as (
    select * from {{ ref('int_sign_ins_held') }}
),

-- The events of touched devices around the touched days and, from all other days, who
-- was signed in last: it takes no more to find sessions.
device_events as (
    select
        event_id,
        device_date,
        event_date,
        anonymous_id,
        user_id,
        occurred_at
    from events
    where
        is_device_event
        {%- if has_history() %}
            and anonymous_id in (select touched.anonymous_id from touched)
        {%- endif %}
),

last_sign_ins as (
    select
        cast(null as string) as event_id,
        event_date as device_date,
        event_date,
        anonymous_id,
        last_user_id as user_id,
        last_signed_in_at as occurred_at
    from sign_ins
    where
        not ({{ on_dates('event_date', dates) }})
        and anonymous_id in (select touched.anonymous_id from touched)
),

gathered as (
    select * from device_events
    union all
    select * from last_sign_ins
)

select * from gathered
