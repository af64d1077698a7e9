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
        deleted_at
    from source
),

-- An application may keep its guests under a user whose id means nobody.
known as (
    select * from renamed
    where user_id is not null
)

select * from known
