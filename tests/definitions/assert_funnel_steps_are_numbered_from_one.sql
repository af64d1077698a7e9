-- Alternatives share a number, so the distinct numbers are 1 to n exactly when the
-- least is 1 and the greatest equals their count.
select
    'funnel_steps.csv' as file_name,
    funnel_name as row_name,
    concat(
        'funnel_steps.csv, funnel ', funnel_name, ': steps run from ',
        cast(min(step_number) as string), ' to ', cast(max(step_number) as string),
        ' but there are ', cast(count(distinct step_number) as string),
        ' of them; number them 1, 2, 3 and so on without a gap.'
    ) as problem
from {{ ref('funnel_steps') }}
where funnel_name is not null
group by funnel_name
having min(step_number) <> 1 or max(step_number) <> count(distinct step_number)
