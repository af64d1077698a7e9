select
    'retentions.csv' as file_name,
    retention_name as row_name,
    concat(
        'retentions.csv, ', coalesce(retention_name, '(no name)'), ': max_periods is ',
        coalesce(cast(max_periods as string), 'empty'),
        '; write how many periods to report, 1 to 1000.'
    ) as problem
from {{ ref('retentions') }}
where max_periods is null or max_periods not between 1 and 1000
