-- A person's sessions are numbered 1, 2, 3 … in the order in which they started, so
-- that each person has exactly one first session.
with

numbered as (
    select
        person_id,
        session_id,
        session_number,
        started_at,
        row_number() over person as expected_session_number,
        lag(started_at) over person as previous_started_at
    from {{ ref('sessions') }}
    window person as (partition by person_id order by session_number, session_id)
)

select * from numbered
where
    session_number is distinct from expected_session_number
    or started_at < previous_started_at
