-- A name is looked up once, so one that leads to a name with a row of its own stops
-- half way.
select
    'event_names.csv' as file_name,
    event_names.event_name as row_name,
    concat(
        'event_names.csv: ', event_names.event_name, ' leads to ',
        event_names.standard_name, ', which leads on to ', further_names.standard_name,
        '; give ', event_names.event_name, ' that standard_name.'
    ) as problem
from {{ ref('event_names') }} as event_names
inner join {{ ref('event_names') }} as further_names
    on
        lower({{ trimmed('event_names.standard_name') }})
        = lower({{ trimmed('further_names.event_name') }})
where
    lower({{ trimmed('further_names.standard_name') }})
    <> lower({{ trimmed('further_names.event_name') }})
