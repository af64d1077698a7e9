{{ config(**replaced_by_day('event_date', cluster_by=['event_key'])) }}

{#- Where the names of trackers' exports stand before ids that they draw. -#}
{%- set trackers = exports() | sort | join('|') if execute else '' %}

with

-- Of an identify call the user and the device are a sign-in already. What it says of
-- the id before is no statement: on a shared phone that may be another person.
calls as (
    select
        event_key,
        user_id,
        coalesce({{ regexp_group('event_id', '^((?:' ~ trackers ~ '):)') }}, '')
            as tracker_prefix,
        coalesce(
            {{ json_id('properties', 'previous_id') }},
            {{ json_id('properties', 'alias') }}
        ) as other_id,
        event_date,
        occurred_at
    from {{ ref('int_events_sessionized') }}
    where
        normalized_event_name = 'identified'
        and user_id is not null
        and not is_duplicate
        and {{ on_dates('event_date', dates_to_replace()) }}
),

chosen as (
    select * from calls
    where
        other_id is not null
        and other_id != user_id
)

select * from chosen
