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
)

select * from renamed
