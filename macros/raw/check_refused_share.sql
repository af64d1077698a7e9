{#- Stops the run where it would refuse more of a load than `refused_share_limit` allows, or
    would build a first warehouse without an event: that is another form of input, and no
    bad rows. A load of a handful of rows may be bad as a whole. `load_dates` are the loads
    that this run reads; none for all of them. -#}
{% macro check_refused_share(load_dates) %}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%} {{ return('') }} {%- endif -%}
    {%- set loads = run_query(
        'select cast(loaded_at as date) as load_date, count(*) as raw_count, '
        ~ 'count(refusal_reason) as refused_count from ' ~ ref('stg_events')
        ~ ' where ' ~ on_load_dates(load_dates) ~ ' group by load_date order by load_date'
    ).rows -%}
    {%- set totals = namespace(raw=0, refused=0) -%}
    {%- for load_date, raw_count, refused_count in loads -%}
        {%- set totals.raw = totals.raw + raw_count | int -%}
        {%- set totals.refused = totals.refused + refused_count | int -%}
        {%- if raw_count >= 10
            and refused_count > raw_count * var('refused_share_limit') -%}
            {%- do refuse_loads([load_date], raw_count | int, refused_count | int) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if totals.raw and totals.raw == totals.refused and not has_history() -%}
        {%- do refuse_loads(load_dates, totals.raw, totals.refused) -%}
    {%- endif -%}
{% endmacro %}


{#- Stops the run with the reason that most of the refused rows have, an example and what to
    do. -#}
{% macro refuse_loads(load_dates, raw_count, refused_count) %}
    {%- set found = run_query(
        'with refused as (select refusal_reason, count(*) over (partition by refusal_reason) '
        ~ 'as row_count, ' ~ event_payload('events') ~ ' as example from '
        ~ ref('stg_events') ~ ' as events where refusal_reason is not null and '
        ~ on_load_dates(load_dates) ~ ') '
        ~ 'select refusal_reason, row_count, example from refused '
        ~ 'order by row_count desc, refusal_reason, example limit 1'
    ).rows[0] -%}
    {{ exceptions.raise_compiler_error(
        refused_count ~ ' of ' ~ raw_count ~ ' raw events'
        ~ (' of ' ~ load_dates[0] if load_dates and load_dates | length == 1)
        ~ ' in ' ~ places_of_events() ~ ' would be refused, most of them ('
        ~ found[1] ~ ') as ' ~ found[0] ~ ': ' ~ remedy_of_refusal(found[0])
        ~ ' The first of them is ' ~ found[2] ~ '. If they are to be refused, run again '
        ~ "with `--vars '{refused_share_limit: 1}'`. No table was touched."
    ) }}
{% endmacro %}


{% macro remedy_of_refusal(reason) %}
    {{ return({
        'missing_event_id': 'give every event an event_id that a retry repeats.',
        'missing_event_name': 'fill event_name.',
        'unparseable_occurred_at': 'write occurred_at as 2026-03-01T09:00:00Z or as a '
            ~ 'number of seconds, milliseconds or microseconds since 1970.',
        'missing_identity': 'fill anonymous_id or user_id with an id that is none of '
            ~ 'ignored_values.csv.',
        'time_in_future': 'occurred_at lies more than a day after received_at; see whether '
            ~ 'both are UTC and in the right columns.',
        'time_too_old': 'occurred_at lies more than 400 days before received_at; leave '
            ~ 'received_at empty for history that is loaded late.',
        'malformed_properties': 'write properties as a JSON object, with names and texts in '
            ~ 'double quotes.',
    }[reason]) }}
{% endmacro %}
