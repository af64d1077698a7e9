-- depends_on: {{ ref('raw_tables') }}, {{ ref('stg_ignored_values') }}
with

source as (
    {{ read_raw('users') }}
),

renamed as (
    select
        id as user_id,
        country,
        created_at,
        updated_at,
        deleted_at
    from source
),

latest as (
    {{ latest_rows('renamed', 'user_id') }}
),

-- An application may keep its guests under a user whose id means nobody.
known as (
    select
        user_id,
        country,
        created_at,
        deleted_at
    from latest
    where user_id is not null
)

select * from known
