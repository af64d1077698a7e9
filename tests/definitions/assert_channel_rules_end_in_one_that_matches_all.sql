-- A rule without conditions matches every session: exactly one must have none, and it
-- must be the last, or the rules below it are never reached.
with

open_rules as (
    select
        rule_name,
        priority,
        nullif(source_category, '') is null
        and nullif(source_pattern, '') is null
        and nullif(medium_pattern, '') is null
        and nullif(campaign_pattern, '') is null as matches_all,
        max(priority) over () as last_priority
    from {{ ref('channel_rules') }}
)

select
    'channel_rules.csv' as file_name,
    rule_name as row_name,
    concat(
        'channel_rules.csv, ', rule_name,
        case
            when matches_all
                then concat(
                    ': it has no condition, so no rule after it is ever reached; ',
                    'give it a condition.'
                )
            else concat(
                ': it is the last rule and has a condition, so some sessions get ',
                'no channel; end with a rule without conditions.'
            )
        end
    ) as problem
from open_rules
where matches_all <> (priority = last_priority)
