select
    'funnel_steps.csv' as file_name,
    concat(funnel_name, ', step ', cast(step_number as string)) as row_name,
    concat(
        'funnel_steps.csv, funnel ', funnel_name,
        ', step ', cast(step_number as string),
        ': property_name and property_value belong together; ',
        'fill both or leave both empty.'
    ) as problem
from {{ ref('funnel_steps') }}
where (nullif(property_name, '') is null) <> (nullif(property_value, '') is null)
