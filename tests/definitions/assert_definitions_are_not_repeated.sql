with

named as (

    select 'funnels.csv' as file, funnel_name as name from {{ ref('funnels') }}
    union all
    select 'retentions.csv', retention_name from {{ ref('retentions') }}
    union all
    select 'conversions.csv', conversion_name from {{ ref('conversions') }}
    union all
    select 'tracking_plan.csv', lower(trim(event_name)) from {{ ref('tracking_plan') }}
    union all
    select 'tracking_plan_properties.csv', concat(lower(trim(event_name)), ', ', property_name)
    from {{ ref('tracking_plan_properties') }}
    union all
    select 'channel_rules.csv', rule_name from {{ ref('channel_rules') }}
    union all
    select 'channel_rules.csv', concat('priority ', cast(priority as string)) from {{ ref('channel_rules') }}
    union all
    select 'bot_patterns.csv', pattern from {{ ref('bot_patterns') }}
    union all
    select 'source_categories.csv', source from {{ ref('source_categories') }}

)

select
    file,
    name as row,
    concat(
        file, ', ', coalesce(name, '(no name)'), ': ',
        case
            when name is null then 'a row has no name; give it one.'
            else concat('there are ', cast(count(*) as string), ' rows of that name; keep one or rename the others.')
        end
    ) as problem
from named
group by file, name
having count(*) > 1 or name is null
