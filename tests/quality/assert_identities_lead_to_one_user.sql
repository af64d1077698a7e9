-- Statements of identities that lead in a circle say of no id that it stays. It reads
-- persons too, so that dbt runs it when all is built and skips nothing for it.
{{ config(meta={'explain': 'problem'}) }}

with

persons as (
    select count(*) as person_count from {{ ref('persons') }}
)

select
    users_merged.user_id,
    concat(
        'The raw table identities says of the user ', users_merged.user_id,
        ' that it is another, and from there on leads in a circle or over more than ',
        '32 ids. None of these ids was merged; take out the statement that is wrong.'
    ) as problem
from {{ ref('int_user_ids_merged') }} as users_merged
cross join persons
where users_merged.kept_user_id is null
