select
    'funnel_steps.csv' as file_name,
    concat(funnel_name, ', step ', cast(step_number as string)) as row_name,
    concat(
        'funnel_steps.csv, funnel ', funnel_name,
        ', step ', cast(step_number as string),
        ': the row with event ', coalesce(min(event_name), '(no event)'),
        ' stands there ', cast(count(*) as string),
        ' times; remove the repetition.'
    ) as problem
from {{ ref('funnel_steps') }}
group by
    funnel_name, step_number, lower({{ trimmed('event_name') }}),
    coalesce(page_pattern, ''),
    coalesce(property_name, ''), coalesce(property_value, '')
having count(*) > 1
