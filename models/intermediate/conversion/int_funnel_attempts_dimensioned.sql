{{ config(**replaced_by_person(
    'attempt_date', ['funnel_name', 'person_id'], sliced_as='int_funnel_attempts_ranked'
)) }}

with

attempts as (
    select * from {{ ref('int_funnel_attempts_ranked') }}
),

first_steps as (
    select * from {{ ref('int_funnel_events_placed') }}
    where step_number = 1
),

valued as (
    select
        attempts.*,
        first_steps.window_seconds,
        first_steps.channel,
        first_steps.platform,
        first_steps.country,
        first_steps.device_category,
        first_steps.breakdown_value
    from attempts
    inner join first_steps
        on
            attempts.funnel_name = first_steps.funnel_name
            and attempts.person_id = first_steps.person_id
            and attempts.attempt_index = first_steps.step_place
),

-- Whatever the period and the dimension, only the best of a person's attempts of one
-- day with the same values can be the best there. The last of them to start tells how
-- long that person's window stays open.
best_of_day as (
    select
        funnel_name,
        person_id,
        attempt_date,
        channel,
        platform,
        country,
        device_category,
        breakdown_value,
        min(attempt_rank) as attempt_rank,
        {{ value_at_first('attempt_index', 'attempt_rank') }} as attempt_index,
        max(last_step_number) as last_step_number,
        {{ reporting_date(add_microseconds(
            'max(started_at)', 'max(window_seconds) * 1000000'
        )) }} as window_closing_date,
        max(fingerprint) as fingerprint
    from valued
    group by
        funnel_name, person_id, attempt_date,
        channel, platform, country, device_category, breakdown_value
)

select * from best_of_day
