with

names as (
    select lower({{ trimmed('event_name') }}) as event_name
    from {{ ref('event_names') }}
)

select
    'event_names.csv' as file_name,
    event_name as row_name,
    concat(
        'event_names.csv: ', event_name, ' stands there ', cast(count(*) as string),
        ' times (case and blanks at the ends do not matter); keep one of the rows.'
    ) as problem
from names
group by event_name
having count(*) > 1
