{{ config(**replaced_by_day('event_date', 'what was held', ['anonymous_id'])) }}

{%- do check_rules() %}

with

-- The event table as the last run left it; this run's comes later.
events as (
    {{ held_rows([
        'event_id', 'device_date', 'event_date', 'anonymous_id', 'user_id',
        'occurred_at', 'is_device_event'
    ], dates_to_replace()) }}
),

ordered as (
    select
        *,
        row_number() over (
            partition by anonymous_id, event_date
            order by occurred_at, event_id, device_date
        ) as place
    from events
    where is_device_event and user_id is not null
),

summed as (
    select
        anonymous_id,
        event_date,
        {{ value_at_first('user_id', 'place') }} as first_user_id,
        {{ value_at_last('user_id', 'place') }} as last_user_id,
        max(occurred_at) as last_signed_in_at
    from ordered
    group by anonymous_id, event_date
)

select * from summed
