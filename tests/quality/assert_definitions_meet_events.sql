-- What a definition asks for and no event has ever been, with what comes nearest to it.
-- It reads names and counts; events themselves only where a step's condition met none.
{%- set met = met_funnel_steps() %}
{%- set examined_names = events_of_unmet_steps(met) %}

{{ config(severity='warn', meta={'explain': 'problem'}) }}

with

met_steps as (
    {{ rows_of_met_steps(met) }}
),

steps as (
    select
        funnel_steps.*,
        lower(funnel_steps.event_name) as normalized_event_name,
        concat(
            'funnel_steps.csv: step ', cast(funnel_steps.step_number as string),
            ' of ', funnel_steps.funnel_name
        ) as row_name,
        met_steps.funnel_name is not null as is_met,
        case
            when met_steps.funnel_name is not null
                then 'That row of the step takes no event.'
            else 'The step and those behind it are empty.'
        end as effect
    from {{ ref('stg_funnel_steps') }} as funnel_steps
    left join met_steps
        on
            funnel_steps.funnel_name = met_steps.funnel_name
            and funnel_steps.step_number = met_steps.step_number
),

-- The name `order` stands for an order of the application.
seen as (
    select distinct normalized_event_name from {{ ref('int_session_events_counted') }}
    where normalized_event_name <> 'order'
    union all
    select distinct 'order' as normalized_event_name
    from {{ ref('int_orders_identified') }}
),

asked as (
    select
        row_name,
        normalized_event_name,
        effect
    from steps
    union all
    select
        concat('funnel_exclusions.csv: the exclusion in ', funnel_name) as row_name,
        lower(event_name) as normalized_event_name,
        'It excludes nobody.' as effect
    from {{ ref('stg_funnel_exclusions') }}
    union all
    select
        concat('retentions.csv: start_event of ', retention_name) as row_name,
        lower(start_event) as normalized_event_name,
        'No cohort begins.' as effect
    from {{ ref('stg_retentions') }}
    union all
    select
        concat('retentions.csv: return_event of ', retention_name) as row_name,
        lower(return_event) as normalized_event_name,
        'Nobody ever returns.' as effect
    from {{ ref('stg_retentions') }}
    union all
    select
        concat('conversions.csv: ', conversion_name) as row_name,
        lower(event_name) as normalized_event_name,
        'Nobody ever converts.' as effect
    from {{ ref('stg_conversions') }}
    where lower(event_name) <> 'order'
    union all
    select
        'tracking_plan.csv: an active row' as row_name,
        lower(event_name) as normalized_event_name,
        'Nothing that needs it is counted; is it planned or retired?' as effect
    from {{ ref('stg_tracking_plan') }}
    where status = 'active'
    union all
    select distinct
        'The table products' as row_name,
        'product_viewed' as normalized_event_name,
        'Its views and viewers are 0; event_names.csv may name your event.' as effect
    from {{ ref('stg_products') }}
    union all
    select distinct
        'The table products' as row_name,
        'product_added_to_cart' as normalized_event_name,
        'Its cart adds are 0; event_names.csv may name your event.' as effect
    from {{ ref('stg_products') }}
),

missing as (
    select asked.*
    from asked
    left join seen
        on asked.normalized_event_name = seen.normalized_event_name
    where
        asked.normalized_event_name is not null
        and seen.normalized_event_name is null
),

-- An outer join by likeness is none that BigQuery takes.
likened as (
    select
        missing.row_name,
        missing.normalized_event_name,
        seen.normalized_event_name as likest,
        row_number() over (
            partition by missing.row_name, missing.normalized_event_name
            order by
                {{ letters_apart(
                    spelling('missing.normalized_event_name'),
                    spelling('seen.normalized_event_name')
                ) }},
                seen.normalized_event_name
        ) as likeness
    from missing
    inner join seen
        on {{ may_be_meant(
            'missing.normalized_event_name', 'seen.normalized_event_name'
        ) }}
),

name_problems as (
    select
        missing.row_name,
        concat(
            missing.row_name, ' asks for the event `', missing.normalized_event_name,
            '`, and no event has that name',
            case
                when likened.likest is null then ''
                else concat('; events have `', likened.likest, '`')
            end,
            '. ',
            missing.effect
        ) as problem
    from missing
    left join likened
        on
            missing.row_name = likened.row_name
            and missing.normalized_event_name = likened.normalized_event_name
            and likened.likeness = 1
),

unmet as (
    select steps.*
    from steps
    left join seen
        on steps.normalized_event_name = seen.normalized_event_name
    where
        not steps.is_met
        and (
            steps.normalized_event_name is null
            or seen.normalized_event_name is not null
        )
        and (steps.property_name is not null or steps.page_pattern is not null)
),

examined as (
    select * from {{ ref('int_events_sessionized') }}
    where
        normalized_event_name in ({{ examined_names | join(', ') }})
        and not is_duplicate
        and {{ on_every_day('event_date') if examined_names | length > 1
            else on_dates('event_date', []) }}
),

keys as (
    {{ property_keys('examined') }}
),

likened_keys as (
    select
        unmet.row_name,
        unmet.property_name as asked_name,
        keys.property_name as likest,
        row_number() over (
            partition by unmet.row_name, unmet.property_name
            order by
                case when unmet.property_name = keys.property_name then 0 else 1 end,
                {{ letters_apart(
                    spelling('unmet.property_name'), spelling('keys.property_name')
                ) }},
                keys.property_name
        ) as likeness
    from unmet
    inner join keys
        on
            unmet.normalized_event_name = keys.normalized_event_name
            and {{ may_be_meant('unmet.property_name', 'keys.property_name') }}
),

held_values as (
    select distinct
        unmet.row_name,
        unmet.property_name,
        unmet.property_value,
        {{ event_attribute('events', 'unmet.property_name') }} as held_value
    from unmet
    inner join examined as events
        on unmet.normalized_event_name = events.normalized_event_name
    where unmet.property_name is not null
),

likened_values as (
    select
        row_name,
        property_name,
        property_value,
        held_value,
        row_number() over (
            partition by row_name, property_name, property_value
            order by
                {{ letters_apart('lower(property_value)', 'lower(held_value)') }},
                held_value
        ) as likeness
    from held_values
    where held_value is not null
),

condition_problems as (
    select
        unmet.row_name,
        concat(
            unmet.row_name, ' asks for ',
            case
                when unmet.property_name is null
                    then concat('pages like `', unmet.page_pattern, '`, and no event')
                when likened_values.held_value is not null
                    then concat(
                        'the property `', unmet.property_name, '` with `',
                        unmet.property_value, '`, and no event'
                    )
                else concat('the property `', unmet.property_name, '`, and no event')
            end,
            case
                when unmet.normalized_event_name is null then ''
                else concat(' `', unmet.normalized_event_name, '`')
            end,
            ' has it',
            case
                when likened_values.held_value is not null
                    then concat('; events have `', likened_values.held_value, '` there')
                when likened_keys.likest is not null
                    then concat('; events have `', likened_keys.likest, '`')
                else ''
            end,
            '. ', unmet.effect
        ) as problem
    from unmet
    left join likened_keys
        on
            unmet.row_name = likened_keys.row_name
            and unmet.property_name = likened_keys.asked_name
            and likened_keys.likeness = 1
    left join likened_values
        on
            unmet.row_name = likened_values.row_name
            and unmet.property_name = likened_values.property_name
            and unmet.property_value = likened_values.property_value
            and likened_values.likeness = 1
),

breakdown_problems as (
    select
        funnels.funnel_name as row_name,
        concat(
            'funnels.csv: ', funnels.funnel_name, ' is broken down by `',
            funnels.breakdown_property,
            '`, and no event of its first step has it. Its breakdown is empty.'
        ) as problem
    from {{ ref('stg_funnels') }} as funnels
    inner join met_steps
        on
            funnels.funnel_name = met_steps.funnel_name
            and met_steps.step_number = 1
    where
        funnels.breakdown_property is not null
        and not met_steps.has_breakdown
),

told as (
    select * from name_problems
    union all
    select * from condition_problems
    union all
    select * from breakdown_problems
)

select distinct
    row_name,
    problem
from told
order by row_name, problem
