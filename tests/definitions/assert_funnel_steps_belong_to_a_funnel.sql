select
    'funnel_steps.csv' as file_name,
    concat(
        funnel_steps.funnel_name, ', step ', cast(funnel_steps.step_number as string)
    ) as row_name,
    concat(
        'funnel_steps.csv, step ',
        coalesce(cast(funnel_steps.step_number as string), '(no number)'),
        ' of ', coalesce(funnel_steps.funnel_name, '(no funnel)'),
        ': funnels.csv has no such funnel; correct the name or add the funnel there.'
    ) as problem
from {{ ref('funnel_steps') }} as funnel_steps
left join {{ ref('funnels') }} as funnels
    on funnel_steps.funnel_name = funnels.funnel_name
where funnels.funnel_name is null
