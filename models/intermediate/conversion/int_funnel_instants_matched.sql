{%- set later_steps = later_funnel_steps() %}

-- How far a walk gets within one instant that has several of a person's events, and
-- which event fills which step. Only for funnels in which an event may fill two steps,
-- and for strict ones: elsewhere each step finds its event by itself. Events that fill
-- the same steps are of one kind, and it does not matter which of them is taken.
with

events as (
    select * from {{ ref('int_funnel_events_linked') }}
    where is_walked_by_instant
),

-- A strict funnel has a row for each event, whether it fills a step or not.
all_events as (
    select
        entrant_key,
        occurred_at,
        event_key
    from {{ ref('int_funnel_events_identified') }}
    where
        after_step is null
        and entrant_key in (select events.entrant_key from events)
),

numbered_events as (
    {{ numbered_events_of_instants('events', 'all_events') }}
),

kinds as (
    select
        events.entrant_key,
        events.occurred_at,
        events.step_number,
        numbered_events.kind,
        max(numbered_events.event_number) as event_count,
        max(numbered_events.event_count_of_instant) as event_count_of_instant,
        max(case when events.is_strict then 1 else 0 end) as strictness,
        max(events.next_at) as next_at
    from events
    inner join numbered_events
        on
            events.entrant_key = numbered_events.entrant_key
            and events.occurred_at = numbered_events.occurred_at
            and events.event_key = numbered_events.event_key
    group by
        events.entrant_key, events.occurred_at, events.step_number, numbered_events.kind
),

furthest as (
    {{ furthest_in_instants('kinds', later_steps) }}
),

links as (
    select
        entrant_key,
        occurred_at,
        step_number,
        max(event_count_of_instant) as event_count,
        max(strictness) as strictness,
        max(next_at) as next_at
    from kinds
    group by entrant_key, occurred_at, step_number
),

-- A strict walk goes on from an instant only when nothing of it is left over. At the
-- attempt's own instant, what is left over may have come before.
entries as (
    select
        furthest.entrant_key,
        furthest.entry_step,
        furthest.last_step_here,
        furthest.taken,
        openings.event_key as opening_event_key,
        openings.event_number as opening_event_number,
        furthest.opening_kind,
        furthest.occurred_at,
        case
            when
                links.strictness = 0
                or furthest.entry_step = 1
                or furthest.last_step_here - furthest.entry_step + 1
                = links.event_count
                then links.next_at
        end as next_at
    from furthest
    inner join links
        on
            furthest.entrant_key = links.entrant_key
            and furthest.occurred_at = links.occurred_at
            and furthest.last_step_here = links.step_number
    left join numbered_events as openings
        on
            furthest.entrant_key = openings.entrant_key
            and furthest.occurred_at = openings.occurred_at
            and furthest.opening_kind = openings.kind
),

steps_taken as (
    select
        entries.*,
        kinds.step_number,
        kinds.kind,
        row_number() over (
            partition by
                entries.entrant_key, entries.occurred_at, entries.entry_step,
                entries.opening_kind, entries.opening_event_number, kinds.kind
            order by kinds.step_number
        ) as use_number
    from entries
    inner join kinds
        on
            entries.entrant_key = kinds.entrant_key
            and entries.occurred_at = kinds.occurred_at
            and kinds.step_number between entries.entry_step and entries.last_step_here
            and substr(
                entries.taken, 2 * (kinds.step_number - entries.entry_step) + 1, 2
            ) = lpad(cast(kinds.kind as string), 2, '0')
),

-- The first event used of the opening kind is the opening one; the event whose turn
-- that would be changes places with it.
final as (
    select
        steps_taken.entrant_key,
        steps_taken.entry_step,
        steps_taken.step_number,
        steps_taken.last_step_here,
        steps_taken.opening_event_key,
        numbered_events.event_key,
        steps_taken.occurred_at,
        steps_taken.next_at
    from steps_taken
    inner join numbered_events
        on
            steps_taken.entrant_key = numbered_events.entrant_key
            and steps_taken.occurred_at = numbered_events.occurred_at
            and steps_taken.kind = numbered_events.kind
            and case
                when coalesce(steps_taken.kind <> steps_taken.opening_kind, true)
                    then steps_taken.use_number
                when steps_taken.use_number = 1 then steps_taken.opening_event_number
                when steps_taken.use_number = steps_taken.opening_event_number then 1
                else steps_taken.use_number
            end = numbered_events.event_number
)

select * from final
