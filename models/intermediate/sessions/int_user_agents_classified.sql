with

user_agents as (
    select distinct
        user_agent,
        {{ url_host(regexp_group('user_agent', '(https?://[^ ;),]+)')) }}
            as operator_host
    from {{ ref('int_sessions_aggregated') }}
    where user_agent is not null
),

own_hosts as (
    select * from {{ ref('int_own_hosts_gathered') }}
    where kind = 'own'
),

bot_patterns as (
    select * from {{ ref('stg_bot_patterns') }}
),

-- A row is a text or a pattern; the other is empty, and empty is found everywhere.
crawlers as (
    select
        category,
        nullif(text, '') as text,
        nullif(pattern, '') as pattern
    from {{ ref('crawler_user_agents') }}
),

operators as (
    select distinct operator_host as host from user_agents
    where operator_host is not null
),

operators_and_parents as (
    {{ hosts_and_parents('operators') }}
),

own_operators as (
    select distinct operators_and_parents.host
    from operators_and_parents
    inner join own_hosts
        on operators_and_parents.parent = own_hosts.host
),

-- Crawlers give the address of their operator. The service's own address is that of its
-- app, so it is not looked at.
looked_at as (
    select
        user_agents.user_agent,
        case
            when own_operators.host is null then user_agents.user_agent
            else {{ regexp_replaced(
                'user_agents.user_agent', 'https?://[^ ;),]+', ''
            ) }}
        end as text
    from user_agents
    left join own_operators
        on user_agents.operator_host = own_operators.host
),

-- Our own patterns are found anywhere and in any case; the package's list is found as
-- it is written, plain texts apart from patterns, since they are looked for much
-- faster.
matched as (
    select
        looked_at.user_agent,
        bot_patterns.category
    from looked_at
    inner join bot_patterns
        on {{ regexp_found('looked_at.text', "'(?i)' || bot_patterns.pattern") }}
    union all
    select
        looked_at.user_agent,
        crawlers.category
    from looked_at
    inner join crawlers
        on {{ contains_text(
            "concat('^', looked_at.text, '$')", 'crawlers.text'
        ) }}
    union all
    select
        looked_at.user_agent,
        crawlers.category
    from looked_at
    inner join crawlers
        on {{ regexp_found('looked_at.text', 'crawlers.pattern') }}
),

-- Where several match, the category that comes first in the alphabet stands for all, so
-- that the answer is one.
classified as (
    select
        user_agent,
        min(category) as bot_category
    from matched
    group by user_agent
)

select * from classified
