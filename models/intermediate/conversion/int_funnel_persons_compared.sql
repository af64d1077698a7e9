{{ config(
    cluster_by=['funnel_name', 'person_id'],
    meta={'holds': 'int_funnel_events_matched', 'rules': 'int_funnel_events_matched'},
    pre_hook="{{ record_mark('nothing') }}",
    post_hook="{{ record_mark('int_funnel_events_matched') }}"
) }}

{%- set tables = funnel_tables() %}
{%- set rules = local_md5(rules_of()) %}

with

events as (
    select * from {{ ref('int_funnel_events_identified') }}
),

-- All that the outcome of a person's attempts is made from, rules included, as one
-- number. Whoever never took the first step has no attempt.
found as (
    select
        funnel_name,
        person_id,
        bit_xor({{ row_fingerprint(['fingerprint', 'channel', "'" ~ rules ~ "'"]) }})
            as fingerprint,
        count(case when {{ on_dates('event_date', days_of_range()) }} then 1 end) > 0
            as is_rebuilt
    from events
    group by funnel_name, person_id
    having min(step_number) = 1
),

-- What the tables were made from that are replaced person by person.
held_by_table as (
    {%- for table in tables %}
        select
            funnel_name,
            person_id,
            fingerprint
        from {{ table }}
        group by funnel_name, person_id, fingerprint
        union all
    {%- endfor %}
    select
        funnel_name,
        person_id,
        fingerprint
    from found
    where false
),

held as (
    select
        funnel_name,
        person_id,
        min(fingerprint) as least_fingerprint,
        max(fingerprint) as greatest_fingerprint,
        count(*) as table_count
    from held_by_table
    group by funnel_name, person_id
),

compared as (
    select
        coalesce(found.funnel_name, held.funnel_name) as funnel_name,
        coalesce(found.person_id, held.person_id) as person_id,
        found.fingerprint,
        coalesce(
            found.is_rebuilt
            or held.table_count != {{ tables | length }}
            or found.fingerprint != held.least_fingerprint
            or found.fingerprint != held.greatest_fingerprint,
            true
        ) as is_changed
    from found
    full outer join held
        on
            found.funnel_name = held.funnel_name
            and found.person_id = held.person_id
)

select * from compared
