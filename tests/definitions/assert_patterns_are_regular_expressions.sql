with

patterns as (
    select
        'funnel_steps.csv' as file_name,
        concat(funnel_name, ', step ', cast(step_number as string), ', page_pattern')
            as row_name,
        page_pattern as pattern
    from {{ ref('funnel_steps') }}
    union all
    select
        'channel_rules.csv' as file_name,
        concat(rule_name, ', source_pattern') as row_name,
        source_pattern as pattern
    from {{ ref('channel_rules') }}
    union all
    select
        'channel_rules.csv' as file_name,
        concat(rule_name, ', medium_pattern') as row_name,
        medium_pattern as pattern
    from {{ ref('channel_rules') }}
    union all
    select
        'channel_rules.csv' as file_name,
        concat(rule_name, ', campaign_pattern') as row_name,
        campaign_pattern as pattern
    from {{ ref('channel_rules') }}
    union all
    select
        'channel_rules.csv' as file_name,
        concat(rule_name, ', click_id_pattern') as row_name,
        click_id_pattern as pattern
    from {{ ref('channel_rules') }}
    union all
    select
        'crawler_user_agents.csv' as file_name,
        pattern as row_name,
        pattern
    from {{ ref('crawler_user_agents') }}
    union all
    select
        'bot_patterns.csv' as file_name,
        description as row_name,
        pattern
    from {{ ref('bot_patterns') }}
)

select
    file_name,
    row_name,
    concat(
        file_name, ', ', coalesce(row_name, '(no name)'), ': ', pattern,
        ' is no regular expression of RE2; check its brackets, ',
        'and use neither look-around nor back-references.'
    ) as problem
from patterns
where nullif(pattern, '') is not null and not {{ regexp_is_valid('pattern') }}
