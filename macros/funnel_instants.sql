{#- A whole select: the events of instants that have several of a person's events, numbered
    within those that fill the same steps, which are of one kind. -#}
{% macro numbered_events_of_instants(events, all_events) -%}
    with

    events_with_steps as (
        select
            entrant_key,
            occurred_at,
            event_key,
            sum(cast(power(2, step_number) as bigint)) as steps_filled
        from {{ events }}
        group by entrant_key, occurred_at, event_key
    ),

    crowded_instants as (
        select
            entrant_key,
            occurred_at,
            count(*) as event_count
        from (select distinct * from {{ all_events }}) as each_event
        group by entrant_key, occurred_at
        having count(*) > 1
    ),

    numbered_events as (
        select
            events_with_steps.*,
            crowded_instants.event_count as event_count_of_instant,
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
    )

    select * from numbered_events
{%- endmacro %}


{#- A whole select: how far a walk gets within an instant from each step that it may enter it
    by, with the kinds of events taken. -#}
{% macro furthest_in_instants(kinds, later_steps) -%}
    with

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
        from {{ kinds }}
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
        from {{ kinds }}
        where step_number > 1
    ),
{%- for step in later_steps %}
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
        left join {{ kinds }} as kinds
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
    )

    select * from furthest
    where choice = 1
{%- endmacro %}
