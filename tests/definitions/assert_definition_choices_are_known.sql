with

choices as (

    select
        'retentions.csv' as file, retention_name as row_name, 'period' as choice,
        period as value, 'day, week or month' as known
    from {{ ref('retentions') }}
    where period is null or period not in ('day', 'week', 'month')
    union all
    select 'retentions.csv', retention_name, 'mode', mode, 'on or on_or_after'
    from {{ ref('retentions') }}
    where mode is null or mode not in ('on', 'on_or_after')
    union all
    select 'retentions.csv', retention_name, 'cohort_rule', cohort_rule, 'first_ever or every'
    from {{ ref('retentions') }}
    where cohort_rule is null or cohort_rule not in ('first_ever', 'every')
    union all
    select 'funnels.csv', funnel_name, 'step_order', step_order, 'ordered'
    from {{ ref('funnels') }}
    where step_order is null or step_order <> 'ordered'
    union all
    select 'tracking_plan.csv', event_name, 'status', status, 'active, planned or retired'
    from {{ ref('tracking_plan') }}
    where status is null or status not in ('active', 'planned', 'retired')
    union all
    select
        'tracking_plan_properties.csv', concat(event_name, ', ', property_name), 'data_type',
        data_type, 'string, integer, number or boolean'
    from {{ ref('tracking_plan_properties') }}
    where data_type is null or data_type not in ('string', 'integer', 'number', 'boolean')
    union all
    select
        'channel_rules.csv', rule_name, 'source_category', channel_rules.source_category,
        'a category of source_categories.csv, or nothing'
    from {{ ref('channel_rules') }} as channel_rules
    where
        nullif(channel_rules.source_category, '') is not null
        and channel_rules.source_category not in (
            select category from {{ ref('source_categories') }} where category is not null
        )

)

select
    file,
    row_name as row,
    concat(
        file, ', ', coalesce(row_name, '(no name)'), ': ', choice, ' is ', coalesce(value, 'empty'),
        '; write ', known, '.'
    ) as problem
from choices
