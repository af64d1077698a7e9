-- depends_on: {{ ref('raw_tables') }}, {{ ref('stg_ignored_values') }}
with

source as (
    {{ read_raw('identities') }}
),

-- A statement that leaves one side open says nothing.
statements as (
    select
        anonymous_id,
        other_user_id,
        user_id,
        known_at
    from source
    where
        user_id is not null
        and (anonymous_id is not null or other_user_id is not null)
)

select * from statements
