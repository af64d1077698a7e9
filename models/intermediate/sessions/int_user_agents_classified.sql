with

user_agents as (
    select distinct user_agent from {{ ref('int_sessions_aggregated') }}
    where user_agent is not null
),

bot_patterns as (
    select * from {{ ref('stg_bot_patterns') }}
),

-- Patterns are found anywhere and in any case. Where several match, the category that
-- comes first in the alphabet stands for all, so that the answer is one.
matched as (
    select
        user_agents.user_agent,
        min(bot_patterns.category) as bot_category
    from user_agents
    inner join bot_patterns
        on {{ regexp_found(
            'user_agents.user_agent', "'(?i)' || bot_patterns.pattern"
        ) }}
    group by user_agents.user_agent
)

select * from matched
