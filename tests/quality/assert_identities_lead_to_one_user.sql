-- Statements of identities that lead in a circle say of no id that it stays.
{{ config(meta={'explain': 'problem'}) }}

select
    user_id,
    concat(
        'The raw table identities says of the user ', user_id,
        ' that it is another, and from there on leads in a circle or over more than ',
        '32 ids. None of these ids was merged; take out the statement that is wrong.'
    ) as problem
from {{ ref('int_user_ids_merged') }}
where is_circle
