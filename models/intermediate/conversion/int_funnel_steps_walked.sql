{{ config(**stored_by_day('started_at', ['entrant_key'], 'timestamp')) }}

{%- set steps = later_funnel_steps() %}

-- Walks each attempt to the last step it reaches within its window: a join by equality
-- a step (no condition on one side alone: DuckDB would compare all with all). Taking
-- the earliest next event is always best, so the window and exclusions need no looking
-- back.
with

-- Most attempts end where they began, and take no part in the walk.
attempts as (
    select
        *,
        started_at as reached_1_at
    from {{ ref('int_funnel_attempts_opened') }}
    where
        last_step_here > 1
        or next_at <= window_ends_at
),

instants_matched as (
    select * from {{ ref('int_funnel_instants_matched') }}
    where step_number = entry_step
),

-- The later steps of a funnel, by how many it has: to join by equality, since a cross
-- join with a condition took DuckDB as long as all the rest.
steps_of_funnels as (
    select distinct
        step_count,
        step_number
    from {{ ref('int_funnel_events_asked') }}
    where step_number > 1
),

-- Where the walk goes on from a step and an instant, whichever event fills the step.
landings as (
    select
        linked.entrant_key,
        linked.step_number,
        linked.occurred_at,
        max(coalesce(instants_matched.last_step_here, linked.step_number))
            as last_step_here,
        max(case
            when instants_matched.entrant_key is null then linked.next_at
            else instants_matched.next_at
        end) as next_at
    from {{ ref('int_funnel_events_linked') }} as linked
    left join instants_matched
        on
            linked.entrant_key = instants_matched.entrant_key
            and linked.step_number = instants_matched.entry_step
            and linked.occurred_at = instants_matched.occurred_at
    where linked.step_number > 1
    group by linked.entrant_key, linked.step_number, linked.occurred_at
),
{% for step in steps %}
    walked_to_{{ step }} as (
        select
            walked.entrant_key,
            walked.attempt_index,
            walked.step_count,
            walked.window_ends_at,
            {%- for earlier in range(1, step) %}
                walked.reached_{{ earlier }}_at,
            {%- endfor %}
            case
                when walked.last_step_here >= {{ step }}
                    then walked.reached_{{ step - 1 }}_at
                else landings.occurred_at
            end as reached_{{ step }}_at,
            coalesce(landings.last_step_here, walked.last_step_here) as last_step_here,
            case
                when landings.entrant_key is null then walked.next_at
                else landings.next_at
            end as next_at
        from {{ 'attempts' if loop.first else 'walked_to_' ~ loop.previtem }} as walked
        left join landings
            on
                walked.entrant_key = landings.entrant_key
                and landings.step_number = {{ step }}
                and case
                    when
                        walked.last_step_here = {{ step - 1 }}
                        and walked.next_at <= walked.window_ends_at
                        then walked.next_at
                end = landings.occurred_at
    ),
{% endfor %}
reached as (
    select
        walked.entrant_key,
        walked.attempt_index,
        steps.step_number,
        walked.reached_1_at as started_at,
        case steps.step_number
            {%- for step in steps %}
                when {{ step }} then walked.reached_{{ step - 1 }}_at
            {%- endfor %}
        end as previous_reached_at,
        case steps.step_number
            {%- for step in steps %}
                when {{ step }} then walked.reached_{{ step }}_at
            {%- endfor %}
        end as reached_at
    from walked_to_{{ steps | last }} as walked
    inner join steps_of_funnels as steps
        on walked.step_count = steps.step_count
)

select * from reached
where reached_at is not null
