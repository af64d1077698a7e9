{{ config(**stored_by_day('started_at', ['funnel_name', 'person_id'], 'timestamp')) }}

with

attempts as (
    select * from {{ ref('int_funnel_attempts_ranked') }}
),

instants_matched as (
    select * from {{ ref('int_funnel_instants_matched') }}
),

step_names as (
    select
        funnel_name,
        step_number,
        min(step_name) as step_name
    from {{ ref('stg_funnel_steps') }}
    group by funnel_name, step_number
),

step_events as (
    select * from {{ ref('int_funnel_events_identified') }}
    where step_number is not null
),

steps as (
    select
        entrant_key,
        attempt_index,
        funnel_name,
        person_id,
        cast(1 as bigint) as step_number,
        started_at,
        cast(null as timestamp) as previous_reached_at,
        started_at as reached_at
    from attempts
    union all
    select
        attempts.entrant_key,
        attempts.attempt_index,
        attempts.funnel_name,
        attempts.person_id,
        steps_walked.step_number,
        attempts.started_at,
        steps_walked.previous_reached_at,
        steps_walked.reached_at
    from attempts
    inner join {{ ref('int_funnel_steps_walked') }} as steps_walked
        on
            attempts.entrant_key = steps_walked.entrant_key
            and attempts.attempt_index = steps_walked.attempt_index
            and attempts.last_step_number >= steps_walked.step_number
),

-- Any event of the step at that instant will do: the least is taken.
step_events_taken as (
    select
        entrant_key,
        step_number,
        occurred_at,
        min(event_key) as event_key,
        {{ value_at_first('event_id', 'event_key') }} as event_id
    from step_events
    group by entrant_key, step_number, occurred_at
),

-- Where events of one instant may each fill several steps, they were matched before. It
-- depends on the steps that an attempt takes there.
steps_of_instants as (
    select
        *,
        min(step_number) over (partition by entrant_key, attempt_index, reached_at)
            as entry_step,
        max(step_number) over (partition by entrant_key, attempt_index, reached_at)
            as last_step_here
    from steps
    where entrant_key in (select instants_matched.entrant_key from instants_matched)
),

events_matched as (
    select
        steps_of_instants.entrant_key,
        steps_of_instants.attempt_index,
        steps_of_instants.step_number,
        step_events.event_key,
        step_events.event_id,
        row_number() over (
            partition by
                steps_of_instants.entrant_key, steps_of_instants.attempt_index,
                steps_of_instants.step_number
            order by instants_matched.opening_event_key
        ) as choice
    from steps_of_instants
    inner join instants_matched
        on
            steps_of_instants.entrant_key = instants_matched.entrant_key
            and steps_of_instants.reached_at = instants_matched.occurred_at
            and steps_of_instants.entry_step = instants_matched.entry_step
            and steps_of_instants.last_step_here = instants_matched.last_step_here
            and steps_of_instants.step_number = instants_matched.step_number
    inner join step_events
        on
            instants_matched.entrant_key = step_events.entrant_key
            and instants_matched.step_number = step_events.step_number
            and instants_matched.event_key = step_events.event_key
),

final as (
    select
        steps.funnel_name,
        steps.person_id,
        steps.attempt_index,
        steps.step_number,
        step_names.step_name,
        steps.started_at,
        steps.previous_reached_at,
        steps.reached_at,
        coalesce(events_matched.event_key, step_events_taken.event_key) as event_key,
        coalesce(events_matched.event_id, step_events_taken.event_id) as event_id,
        {{ seconds_between('steps.previous_reached_at', 'steps.reached_at') }}
            as seconds_from_previous,
        {{ seconds_between('steps.started_at', 'steps.reached_at') }}
            as seconds_from_start
    from steps
    inner join step_names
        on
            steps.funnel_name = step_names.funnel_name
            and steps.step_number = step_names.step_number
    inner join step_events_taken
        on
            steps.entrant_key = step_events_taken.entrant_key
            and steps.step_number = step_events_taken.step_number
            and steps.reached_at = step_events_taken.occurred_at
    left join events_matched
        on
            steps.entrant_key = events_matched.entrant_key
            and steps.attempt_index = events_matched.attempt_index
            and steps.step_number = events_matched.step_number
            and events_matched.choice = 1
)

select * from final
