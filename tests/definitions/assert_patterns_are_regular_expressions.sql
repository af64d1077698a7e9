with

patterns as (

    select
        'funnel_steps.csv' as file,
        concat(funnel_name, ', step ', cast(step_number as string), ', page_pattern') as row_name,
        page_pattern as pattern
    from {{ ref('funnel_steps') }}
    union all
    select 'channel_rules.csv', concat(rule_name, ', source_pattern'), source_pattern
    from {{ ref('channel_rules') }}
    union all
    select 'channel_rules.csv', concat(rule_name, ', medium_pattern'), medium_pattern
    from {{ ref('channel_rules') }}
    union all
    select 'channel_rules.csv', concat(rule_name, ', campaign_pattern'), campaign_pattern
    from {{ ref('channel_rules') }}
    union all
    select 'bot_patterns.csv', description, pattern
    from {{ ref('bot_patterns') }}

)

select
    file,
    row_name as row,
    concat(
        file, ', ', coalesce(row_name, '(no name)'), ': ', pattern,
        ' is no regular expression of RE2; check its brackets, and use neither look-around nor back-references.'
    ) as problem
from patterns
where nullif(pattern, '') is not null and not {{ regexp_is_valid('pattern') }}
