{{ config(**stored_by_day('attempt_date', ['funnel_name', 'entrant_key'])) }}

with

first_events as (
    select * from {{ ref('int_funnel_events_linked') }}
    where step_number = 1
),

opening_instants as (
    select * from {{ ref('int_funnel_instants_matched') }}
    where
        entry_step = 1
        and step_number = 1
),

first_step_events as (
    select * from {{ ref('int_funnel_events_identified') }}
    where step_number = 1
),

openings as (
    select
        first_events.entrant_key,
        first_events.values_key,
        first_events.event_date,
        first_events.occurred_at,
        coalesce(opening_instants.last_step_here, cast(1 as bigint)) as last_step_here,
        case
            when opening_instants.entrant_key is null then first_events.next_at
            else opening_instants.next_at
        end as next_at,
        case when opening_instants.last_step_here > 1 then first_events.occurred_at end
            as own_instant
    from first_events
    left join opening_instants
        on
            first_events.entrant_key = opening_instants.entrant_key
            and first_events.occurred_at = opening_instants.occurred_at
            and first_events.event_key = opening_instants.opening_event_key
),

-- First-step events of one day with the same values that go on at the same event are
-- one attempt, which starts at the last of them: no other can be better.
attempts as (
    select
        entrant_key,
        values_key,
        last_step_here,
        event_date as attempt_date,
        next_at,
        count(*) as start_count,
        max(occurred_at) as started_at
    from openings
    group by
        entrant_key, values_key, event_date, last_step_here, next_at, own_instant
),

entrants as (
    select
        entrant_key,
        max(funnel_name) as funnel_name,
        max(person_id) as person_id
    from first_step_events
    group by entrant_key
),

funnels as (
    select distinct
        funnel_name,
        step_count,
        window_seconds
    from {{ ref('int_funnel_events_asked') }}
),

first_step_values as (
    select
        values_key,
        max(channel) as channel,
        max(platform) as platform,
        max(country) as country,
        max(device_category) as device_category,
        max(breakdown_value) as breakdown_value
    from first_step_events
    group by values_key
),

-- Ids and hashes have no say in the order, only what the attempts are.
numbered as (
    select
        attempts.entrant_key,
        row_number() over (
            partition by attempts.entrant_key
            order by
                attempts.started_at,
                attempts.last_step_here,
                coalesce(attempts.next_at, attempts.started_at),
                coalesce(first_step_values.channel, ''),
                coalesce(first_step_values.platform, ''),
                coalesce(first_step_values.country, ''),
                coalesce(first_step_values.device_category, ''),
                coalesce(first_step_values.breakdown_value, '')
        ) as attempt_index,
        entrants.funnel_name,
        entrants.person_id,
        first_step_values.channel,
        first_step_values.platform,
        first_step_values.country,
        first_step_values.device_category,
        first_step_values.breakdown_value,
        funnels.step_count,
        attempts.last_step_here,
        attempts.start_count,
        attempts.attempt_date,
        attempts.started_at,
        attempts.next_at,
        {{ add_microseconds(
            'attempts.started_at', 'funnels.window_seconds * 1000000'
        ) }} as window_ends_at
    from attempts
    inner join entrants
        on attempts.entrant_key = entrants.entrant_key
    inner join funnels
        on entrants.funnel_name = funnels.funnel_name
    inner join first_step_values
        on attempts.values_key = first_step_values.values_key
)

select * from numbered
