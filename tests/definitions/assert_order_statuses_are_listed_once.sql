select
    'order_statuses.csv' as file_name,
    min(status) as row_name,
    concat(
        'order_statuses.csv: ', min(status), ' and ', max(status),
        ' are one status, since case, blanks, hyphens and underscores do not matter; ',
        'remove one of the two rows.'
    ) as problem
from {{ ref('order_statuses') }}
group by {{ status_key('status') }}
having count(*) > 1
