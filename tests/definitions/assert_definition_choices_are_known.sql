with

choices as (
    select
        'retentions.csv' as file_name,
        retention_name as row_name,
        'period' as choice,
        period as value,
        'day, week or month' as known
    from {{ ref('retentions') }}
    where period is null or period not in ('day', 'week', 'month')
    union all
    select
        'retentions.csv' as file_name,
        retention_name as row_name,
        'mode' as choice,
        mode as value,
        'on or on_or_after' as known
    from {{ ref('retentions') }}
    where mode is null or mode not in ('on', 'on_or_after')
    union all
    select
        'retentions.csv' as file_name,
        retention_name as row_name,
        'cohort_rule' as choice,
        cohort_rule as value,
        'first_ever or every' as known
    from {{ ref('retentions') }}
    where cohort_rule is null or cohort_rule not in ('first_ever', 'every')
    union all
    select
        'funnels.csv' as file_name,
        funnel_name as row_name,
        'step_order' as choice,
        step_order as value,
        'ordered or strict' as known
    from {{ ref('funnels') }}
    where step_order is null or step_order not in ('ordered', 'strict')
    union all
    select
        'tracking_plan.csv' as file_name,
        event_name as row_name,
        'status' as choice,
        status as value,
        'active, planned or retired' as known
    from {{ ref('tracking_plan') }}
    where status is null or status not in ('active', 'planned', 'retired')
    union all
    select
        'tracking_plan_properties.csv' as file_name,
        concat(event_name, ', ', property_name) as row_name,
        'data_type' as choice,
        data_type as value,
        'string, integer, number or boolean' as known
    from {{ ref('tracking_plan_properties') }}
    where
        data_type is null
        or data_type not in ('string', 'integer', 'number', 'boolean')
    union all
    select
        'own_hosts.csv' as file_name,
        host as row_name,
        'kind' as choice,
        kind as value,
        'own, payment, three_d_secure or sign_in' as known
    from {{ ref('own_hosts') }}
    where
        kind is null
        or kind not in ('own', 'payment', 'three_d_secure', 'sign_in')
    union all
    select
        'channel_rules.csv' as file_name,
        channel_rules.rule_name as row_name,
        'source_category' as choice,
        channel_rules.source_category as value,
        'a category of source_categories.csv, or nothing' as known
    from {{ ref('channel_rules') }} as channel_rules
    where
        nullif(channel_rules.source_category, '') is not null
        and channel_rules.source_category not in (
            select source_categories.category
            from {{ ref('source_categories') }} as source_categories
            where source_categories.category is not null
        )
)

select
    file_name,
    row_name,
    concat(
        file_name, ', ', coalesce(row_name, '(no name)'), ': ',
        choice, ' is ', coalesce(value, 'empty'), '; write ', known, '.'
    ) as problem
from choices
