select
    'event_names.csv' as file_name,
    min(event_name) as row_name,
    concat(
        'event_names.csv: ', min(event_name), ' stands there ',
        cast(count(*) as string),
        ' times (case and blanks at the ends do not matter); keep one of the rows.'
    ) as problem
from {{ ref('event_names') }}
group by lower({{ trimmed('event_name') }})
having count(*) > 1
