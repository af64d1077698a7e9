select
    'funnels.csv' as file_name,
    funnels.funnel_name as row_name,
    concat(
        'funnels.csv, funnel ', funnels.funnel_name, ': funnel_steps.csv holds ',
        cast(count(distinct funnel_steps.step_number) as string),
        ' steps of it; add its steps there or remove the funnel.'
    ) as problem
from {{ ref('funnels') }} as funnels
left join {{ ref('funnel_steps') }} as funnel_steps
    on funnels.funnel_name = funnel_steps.funnel_name
group by funnels.funnel_name
having count(distinct funnel_steps.step_number) = 0
