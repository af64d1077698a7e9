select
    'funnel_steps.csv' as file_name,
    concat(funnel_name, ', ', step_name) as row_name,
    concat(
        'funnel_steps.csv, funnel ', funnel_name,
        ': steps ', cast(min(step_number) as string),
        ' and ', cast(max(step_number) as string),
        ' are both called ', step_name, '; rename one of them.'
    ) as problem
from {{ ref('funnel_steps') }}
group by funnel_name, step_name
having count(distinct step_number) > 1
