select
    'funnel_steps.csv' as file_name,
    concat(funnel_name, ', step ', cast(step_number as string)) as row_name,
    concat(
        'funnel_steps.csv, step ', cast(step_number as string), ' of ', funnel_name,
        ': an order of the application has no page and no properties, so the ',
        'condition is not looked at; leave page_pattern and property_name empty.'
    ) as problem
from {{ ref('stg_funnel_steps') }}
where
    lower(event_name) = 'order'
    and (page_pattern is not null or property_name is not null)
