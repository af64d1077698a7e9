{{ config(**of_changed_persons('started_at', ['funnel_name'], 'timestamp')) }}

-- Walks every attempt from its first-step event to the last step it reaches. A walk
-- follows the places that int_funnel_events_placed has worked out, so that each step of
-- it is a plain join by equality, however many events a person has.
with recursive

placed as (
    select * from {{ ref('int_funnel_events_placed') }}
),

-- Most attempts end where they began, and take no part in the walk.
openings as (
    select
        *,
        {{ add_microseconds('occurred_at', 'window_seconds * 1000000') }}
            as window_ends_at,
        '|' || event_id || ' ' || cast(device_date as string) || '|'
            as event_mark
    from placed
    where
        step_number = 1
        and next_step_place is not null
),

later_events as (
    select
        *,
        '|' || event_id || ' ' || cast(device_date as string) || '|'
            as event_mark
    from placed
    where step_number > 1
),

-- An event fills one step at most. Where the next one is used up already, the walk
-- stays on its step and looks at the one after: `is_reached` is false on such a row.
walked as (
    select
        funnel_name,
        person_id,
        step_place as attempt_index,
        occurred_at as started_at,
        window_ends_at,
        step_count,
        step_number,
        step_name,
        event_id,
        device_date,
        cast(null as timestamp) as previous_reached_at,
        occurred_at as reached_at,
        next_step_place,
        event_mark as used_marks,
        true as is_reached
    from openings

    union all

    select
        walked.funnel_name,
        walked.person_id,
        walked.attempt_index,
        walked.started_at,
        walked.window_ends_at,
        walked.step_count,
        case
            when strpos(walked.used_marks, candidates.event_mark) > 0
                then walked.step_number
            else candidates.step_number
        end as step_number,
        candidates.step_name,
        candidates.event_id,
        candidates.device_date,
        walked.reached_at as previous_reached_at,
        case
            when strpos(walked.used_marks, candidates.event_mark) > 0
                then walked.reached_at
            else candidates.occurred_at
        end as reached_at,
        case
            when strpos(walked.used_marks, candidates.event_mark) > 0
                then walked.next_step_place + 1
            else candidates.next_step_place
        end as next_step_place,
        walked.used_marks || candidates.event_mark as used_marks,
        strpos(walked.used_marks, candidates.event_mark) = 0 as is_reached
    from walked
    inner join later_events as candidates
        on
            walked.funnel_name = candidates.funnel_name
            and walked.person_id = candidates.person_id
            and walked.step_number + 1 = candidates.step_number
            and walked.next_step_place = candidates.step_place
    where candidates.occurred_at <= walked.window_ends_at
),

reached as (
    select
        funnel_name,
        person_id,
        attempt_index,
        started_at,
        step_count,
        step_number,
        step_name,
        event_id,
        device_date,
        previous_reached_at,
        reached_at
    from walked
    where is_reached
    union all
    select
        funnel_name,
        person_id,
        step_place as attempt_index,
        occurred_at as started_at,
        step_count,
        step_number,
        step_name,
        event_id,
        device_date,
        cast(null as timestamp) as previous_reached_at,
        occurred_at as reached_at
    from placed
    where
        step_number = 1
        and next_step_place is null
)

select * from reached
