select
    'conversions.csv' as file_name,
    conversion_name as row_name,
    concat(
        'conversions.csv, ', conversion_name, ': value_from is ', value_from,
        ', but the value of an order is its net revenue; leave value_from empty.'
    ) as problem
from {{ ref('conversions') }}
where event_name = 'order' and nullif(value_from, '') is not null
