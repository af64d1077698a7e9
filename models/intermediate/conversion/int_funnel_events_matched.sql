{{ config(**replaced_by_day(
    'event_date', definitions=['int_funnel_events_asked'],
    cluster_by=['funnel_name', 'step_number']
)) }}

with

-- An order is the application's, and joins the events later.
asked as (
    select * from {{ ref('int_funnel_events_asked') }}
    where coalesce(normalized_event_name, '') != 'order'
),

events as (
    select * from {{ ref('int_events_sessionized') }}
    where not is_duplicate and {{ on_dates('event_date', dates_to_replace()) }}
),

event_names as (
    select distinct normalized_event_name from events
),

-- A step without an event name takes any event: spelled out as every name there is, so
-- that the join below is by name. A page ping is nothing that somebody did: it comes
-- between no two steps.
named as (
    select
        asked.*,
        event_names.normalized_event_name as seen_event_name,
        count(*) over (
            partition by
                asked.funnel_name, asked.step_number, asked.after_step,
                asked.before_step, event_names.normalized_event_name
        ) as alternative_count
    from asked
    inner join event_names
        on
            coalesce(asked.normalized_event_name, event_names.normalized_event_name)
            = event_names.normalized_event_name
            and (
                asked.normalized_event_name is not null
                or event_names.normalized_event_name != {{ page_ping() }}
            )
),

matched as (
    select
        named.funnel_name,
        named.step_number,
        named.after_step,
        named.before_step,
        named.alternative_count,
        events.event_key,
        events.event_id,
        events.session_key,
        {%- for dimension in ['platform', 'country', 'device_category'] %}
            case
                when
                    named.step_number = 1
                    and named.breakdown_property = '{{ dimension }}'
                    then {{ event_attribute('events', 'named.breakdown_property') }}
                when named.step_number = 1 then events.{{ dimension }}
            end as {{ dimension }},
        {%- endfor %}
        case
            when named.step_number = 1
                then {{ event_attribute('events', 'named.breakdown_property') }}
        end as breakdown_value,
        events.event_date,
        events.occurred_at
    from events
    inner join named
        on events.normalized_event_name = named.seen_event_name
    where
        (
            named.page_pattern is null
            or {{ regexp_found('events.page', 'named.page_pattern') }}
        )
        and (
            named.property_name is null
            or {{ comparable_value(event_attribute('events', 'named.property_name')) }}
            = {{ comparable_value('named.property_value') }}
            or {{ json_list_has(
                'events.properties', 'named.property_name',
                comparable_value('named.property_value')
            ) }}
        )
),

-- Several alternatives of a step may take one event: it counts once. Most steps have
-- one alternative for an event's name, and their events need no comparing (a third of
-- the time of this model).
counted_once as (
    select * from matched
    where alternative_count = 1
    union all
    select distinct * from matched
    where alternative_count > 1
),

final as (
    select
        funnel_name,
        step_number,
        after_step,
        before_step,
        event_key,
        event_id,
        session_key,
        platform,
        country,
        device_category,
        breakdown_value,
        event_date,
        occurred_at
    from counted_once
)

select * from final
