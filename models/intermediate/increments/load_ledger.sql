{{ config(on_schema_change='append_new_columns', **ledger()) }}
-- depends_on: {{ ref('stg_event_names') }}, {{ ref('stg_ignored_values') }}

{%- do check_state() %}
{%- set changed = changed_loads(ref('stg_events')) %}
{%- do check_refused_share(changed.there) %}

with

events as (
    select cast(loaded_at as date) as load_date
    from {{ ref('stg_events') }}
    where {{ on_load_dates(changed.there) }}
),

counted as (
    select
        load_date,
        count(*) as raw_count
    from events
    group by load_date
    union all
    select
        date_day as load_date,
        0 as raw_count
    from (
        {{ rows_of_dates(changed.gone) }}
    ) as gone
),

final as (
    select
        cast({{ next_batch() }} as bigint) as batch_number,
        load_date,
        raw_count,
        {{ version_of_load('load_date', changed.versions) }} as raw_version
    from counted
)

select * from final
