select
    'order_statuses.csv' as file_name,
    status as row_name,
    concat(
        'order_statuses.csv, ', status,
        ': counts_as_sale and is_cancelled are both true; ',
        'what was cancelled counts as nothing, so make one of them false.'
    ) as problem
from {{ ref('order_statuses') }}
where counts_as_sale and is_cancelled
