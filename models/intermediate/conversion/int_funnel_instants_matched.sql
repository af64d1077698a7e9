{%- set later_steps = later_funnel_steps() %}

-- How far a walk gets within one instant that has several of a person's events, and which
-- event fills which step. Only for funnels in which an event may fill two steps, and for
-- strict ones: elsewhere each step finds its event by itself. Events that fill the same
-- steps are of one kind, and it does not matter which of them is taken.
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
        and entrant_key in (select entrant_key from events)
),

events_with_steps as (
    select
        entrant_key,
        occurred_at,
        event_key,
        sum(cast(power(2, step_number) as bigint)) as steps_filled
    from events
    group by entrant_key, occurred_at, event_key
),

crowded_instants as (
    select
        entrant_key,
        occurred_at,
        count(*) as event_count
    from (select distinct * from all_events) as each_event
    group by entrant_key, occurred_at
    having count(*) > 1
),

numbered_events as (
    select
        events_with_steps.*,
        dense_rank() over (
            partition by events_with_steps.entrant_key, events_with_steps.occurred_at
            order by events_with_steps.steps_filled
        ) as kind,
        row_number() over (
            partition by
                events_with_steps.entrant_key, events_with_steps.occurred_at,
                events_with_steps.steps_filled
            order by events_with_steps.event_key
        ) as event_number
    from events_with_steps
    inner join crowded_instants
        on
            events_with_steps.entrant_key = crowded_instants.entrant_key
            and events_with_steps.occurred_at = crowded_instants.occurred_at
),

kinds as (
    select
        events.entrant_key,
        events.occurred_at,
        events.step_number,
        numbered_events.kind,
        max(numbered_events.event_number) as event_count,
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

-- `used` has two digits for each kind: how many of its events are taken. `taken` has two
-- for each step: the kind of its event. An attempt opens at an event of its own; later
-- steps come upon the instant with all of its events free.
entered as (
    select
        entrant_key,
        occurred_at,
        cast(1 as bigint) as entry_step,
        kind as opening_kind,
        cast(1 as bigint) as last_step_here,
        concat(repeat('00', kind - 1), '01', repeat('00', 99 - kind)) as used,
        lpad(cast(kind as string), 2, '0') as taken
    from kinds
    where step_number = 1
    union all
    select distinct
        entrant_key,
        occurred_at,
        step_number as entry_step,
        cast(null as bigint) as opening_kind,
        step_number - 1 as last_step_here,
        repeat('00', 99) as used,
        '' as taken
    from kinds
    where step_number > 1
),
{% for step in later_steps %}
extended_to_{{ step }} as (
    select
        walked.entrant_key,
        walked.occurred_at,
        walked.entry_step,
        walked.opening_kind,
        case when kinds.kind is null then walked.last_step_here else {{ step }} end
            as last_step_here,
        case
            when kinds.kind is null then walked.used
            else
                concat(
                    substr(walked.used, 1, 2 * kinds.kind - 2),
                    lpad(cast(
                        cast(substr(walked.used, 2 * kinds.kind - 1, 2) as bigint) + 1
                        as string
                    ), 2, '0'),
                    substr(walked.used, 2 * kinds.kind + 1)
                )
        end as used,
        min(case
            when kinds.kind is null then walked.taken
            else concat(walked.taken, lpad(cast(kinds.kind as string), 2, '0'))
        end) as taken
    from {{ 'entered' if loop.first else 'extended_to_' ~ loop.previtem }} as walked
    left join kinds
        on
            walked.entrant_key = kinds.entrant_key
            and walked.occurred_at = kinds.occurred_at
            and kinds.step_number = {{ step }}
            and walked.last_step_here = {{ step - 1 }}
            and cast(substr(walked.used, 2 * kinds.kind - 1, 2) as bigint)
            < kinds.event_count
    group by 1, 2, 3, 4, 5, 6
),
{% endfor %}
furthest as (
    select
        *,
        row_number() over (
            partition by entrant_key, occurred_at, entry_step, opening_kind
            order by last_step_here desc, taken asc
        ) as choice
    from extended_to_{{ later_steps | last }}
),

links as (
    select
        entrant_key,
        occurred_at,
        step_number,
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
                strict_funnels.entrant_key is null
                or furthest.entry_step = 1
                or furthest.last_step_here - furthest.entry_step + 1
                = crowded_instants.event_count
                then links.next_at
        end as next_at
    from furthest
    inner join links
        on
            furthest.entrant_key = links.entrant_key
            and furthest.occurred_at = links.occurred_at
            and furthest.last_step_here = links.step_number
    inner join crowded_instants
        on
            furthest.entrant_key = crowded_instants.entrant_key
            and furthest.occurred_at = crowded_instants.occurred_at
    left join (select distinct entrant_key from events where is_strict) as strict_funnels
        on furthest.entrant_key = strict_funnels.entrant_key
    left join numbered_events as openings
        on
            furthest.entrant_key = openings.entrant_key
            and furthest.occurred_at = openings.occurred_at
            and furthest.opening_kind = openings.kind
    where furthest.choice = 1
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
            and cast(
                substr(
                    entries.taken, 2 * (kinds.step_number - entries.entry_step) + 1, 2
                ) as bigint
            ) = kinds.kind
),

-- The first event used of the opening kind is the opening one; the event whose turn that
-- would be changes places with it.
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
