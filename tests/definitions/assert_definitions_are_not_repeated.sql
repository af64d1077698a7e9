with

named as (
    select
        'funnels.csv' as file_name,
        funnel_name as row_name
    from {{ ref('funnels') }}
    union all
    select
        'retentions.csv' as file_name,
        retention_name as row_name
    from {{ ref('retentions') }}
    union all
    select
        'conversions.csv' as file_name,
        conversion_name as row_name
    from {{ ref('conversions') }}
    union all
    select
        'tracking_plan.csv' as file_name,
        lower({{ trimmed('event_name') }}) as row_name
    from {{ ref('tracking_plan') }}
    union all
    select
        'tracking_plan_properties.csv' as file_name,
        concat(lower({{ trimmed('event_name') }}), ', ', property_name) as row_name
    from {{ ref('tracking_plan_properties') }}
    union all
    select
        'channel_rules.csv' as file_name,
        rule_name as row_name
    from {{ ref('channel_rules') }}
    union all
    select
        'channel_rules.csv' as file_name,
        concat('priority ', cast(priority as string)) as row_name
    from {{ ref('channel_rules') }}
    union all
    select
        'bot_patterns.csv' as file_name,
        pattern as row_name
    from {{ ref('bot_patterns') }}
    union all
    select
        'source_categories.csv' as file_name,
        source as row_name
    from {{ ref('source_categories') }}
)

select
    file_name,
    row_name,
    concat(
        file_name, ', ', coalesce(row_name, '(no name)'), ': ',
        case
            when row_name is null then 'a row has no name; give it one.'
            else concat(
                'there are ', cast(count(*) as string),
                ' rows of that name; keep one or rename the others.'
            )
        end
    ) as problem
from named
group by file_name, row_name
having count(*) > 1 or row_name is null
