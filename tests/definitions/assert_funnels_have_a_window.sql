select
    'funnels.csv' as file_name,
    funnel_name as row_name,
    concat(
        'funnels.csv, funnel ', coalesce(funnel_name, '(no name)'),
        ': window_seconds is ', coalesce(cast(window_seconds as string), 'empty'),
        '; give the number of seconds a person has, at least 1.'
    ) as problem
from {{ ref('funnels') }}
where window_seconds is null or window_seconds < 1
