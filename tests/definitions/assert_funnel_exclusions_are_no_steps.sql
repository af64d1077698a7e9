-- One event would both lead on and end the attempt.
select distinct
    'funnel_exclusions.csv' as file_name,
    concat(exclusions.funnel_name, ', ', exclusions.event_name) as row_name,
    concat(
        'funnel_exclusions.csv: ', exclusions.event_name, ' is excluded in ',
        exclusions.funnel_name, ' and is its step ',
        cast(steps.step_number as string),
        ' too; take it out of one of the two files.'
    ) as problem
from {{ ref('funnel_exclusions') }} as exclusions
inner join {{ ref('funnel_steps') }} as steps
    on
        exclusions.funnel_name = steps.funnel_name
        and lower({{ trimmed('exclusions.event_name') }})
        = lower({{ trimmed('steps.event_name') }})
