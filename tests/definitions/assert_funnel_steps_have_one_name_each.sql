select
    'funnel_steps.csv' as file_name,
    concat(funnel_name, ', step ', cast(step_number as string)) as row_name,
    concat(
        'funnel_steps.csv, funnel ', funnel_name,
        ', step ', cast(step_number as string),
        ': it is called both ', min(step_name), ' and ', max(step_name),
        '; give all alternatives of a step one name, or another step_number.'
    ) as problem
from {{ ref('funnel_steps') }}
group by funnel_name, step_number
having count(distinct step_name) > 1
