{#- Each round doubles the number of statements that are followed: 32 at the end. -#}
{%- set rounds = range(1, 6) -%}

with

-- Of several statements about one id the latest holds; one without a time always held.
statements as (
    select
        other_user_id,
        user_id,
        row_number() over (
            partition by other_user_id
            order by
                case when known_at is null then 1 else 0 end asc,
                known_at desc,
                user_id asc
        ) as recency
    from {{ ref('int_identities_gathered') }}
    where
        other_user_id is not null
        and other_user_id <> user_id
),

followed_0 as (
    select
        other_user_id as user_id,
        user_id as kept_user_id
    from statements
    where recency = 1
),

-- An id that stays may itself be said to be another's.
{%- for round in rounds %}
    followed_{{ round }} as (
        select
            followed.user_id,
            coalesce(further.kept_user_id, followed.kept_user_id) as kept_user_id
        from followed_{{ round - 1 }} as followed
        left join followed_{{ round - 1 }} as further
            on followed.kept_user_id = further.user_id
    ),
{%- endfor %}

-- Statements that lead in a circle have no end; their ids stay apart, and a test says
-- so.
ended as (
    select
        followed.user_id,
        case when further.user_id is null then followed.kept_user_id end as kept_user_id
    from followed_{{ rounds | last }} as followed
    left join followed_0 as further
        on followed.kept_user_id = further.user_id
)

select * from ended
