with

last_steps as (
    select
        funnel_name,
        max(step_number) as last_step
    from {{ ref('funnel_steps') }}
    group by funnel_name
)

select
    'funnel_exclusions.csv' as file_name,
    concat(exclusions.funnel_name, ', ', exclusions.event_name) as row_name,
    concat(
        'funnel_exclusions.csv, ', coalesce(exclusions.event_name, '(no event)'),
        ' in ', coalesce(exclusions.funnel_name, '(no funnel)'),
        case
            when last_steps.funnel_name is null
                then ': funnel_steps.csv has no such funnel; correct the name.'
            else concat(
                ': after_step and before_step must be steps of the funnel, 1 to ',
                cast(last_steps.last_step as string),
                ', the first less than the second.'
            )
        end
    ) as problem
from {{ ref('funnel_exclusions') }} as exclusions
left join last_steps
    on exclusions.funnel_name = last_steps.funnel_name
where
    last_steps.funnel_name is null
    or exclusions.after_step is null
    or exclusions.before_step is null
    or exclusions.after_step < 1
    or exclusions.before_step <= exclusions.after_step
    or exclusions.before_step > last_steps.last_step
