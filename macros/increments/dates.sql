{#- The days whose rows the model has to replace in this run: a list of dates, or none for
    every day there is. Its config's meta.holds says which: the dates that the events of a
    batch made dirty or, of `loads`, the dates whose raw rows changed. -#}
{% macro dates_to_replace() %}
    {%- if not execute -%}
        {%- do ref('increment_marks') -%}
        {{ return(none) }}
    {%- endif -%}
    {%- if not is_incremental() or not has_history() -%} {{ return(none) }} {%- endif -%}
    {%- set meta = config.get('meta') -%}
    {%- set mark = mark_of(model.name, rules_of(meta.rules)) -%}
    {{ return(
        load_dates_after(mark) if meta.holds == 'loads' else event_dates_after(mark)
    ) }}
{% endmacro %}


{#- The event dates that batches after a mark made dirty; none for all. -#}
{% macro event_dates_after(mark) %}
    {%- set ledger = held_table('int_event_dates_dirtied') -%}
    {%- if mark is none or not ledger -%} {{ return(none) }} {%- endif -%}
    {%- set dates = run_query(
        'select distinct event_date from ' ~ ledger ~ ' where batch_number > ' ~ mark
        ~ ' order by event_date'
    ).columns[0].values() | list -%}
    {{ return(none if none in dates else dates) }}
{% endmacro %}


{#- The load dates of batches after a mark; none for all. -#}
{% macro load_dates_after(mark) %}
    {%- if mark is none -%} {{ return(none) }} {%- endif -%}
    {{ return(run_query(
        'select distinct load_date from ' ~ held_table('int_loads_counted')
        ~ ' where batch_number > ' ~ mark ~ ' order by load_date'
    ).columns[0].values() | list) }}
{% endmacro %}


{#- The load dates whose rows this run reads again: those that the event table does not
    hold yet. -#}
{% macro load_dates_to_read() %}
    {%- if not execute -%} {%- do ref('int_loads_counted') -%} {%- endif -%}
    {%- if not has_history() -%} {{ return(none) }} {%- endif -%}
    {{ return(load_dates_after(mark_of(event_table_name()))) }}
{% endmacro %}


{#- A condition on a date column with constants only, so that an engine reads no other
    partition; `dates` none stands for every day. -#}
{% macro on_dates(column, dates) -%}
    {%- if dates is none -%} {{ column }} >= date '0001-01-01'
    {%- elif not dates -%} {{ column }} < date '0001-01-01'
    {%- else -%}
        {{ column }} in (
            {%- for day in dates %}date '{{ day }}'{{ ', ' if not loop.last }}{% endfor -%}
        )
    {%- endif -%}
{%- endmacro %}


{#- Every day, said to an engine that wants to hear which days of a table are meant. -#}
{% macro on_every_day(column) -%}
    ({{ column }} is null or {{ column }} is not null)
{%- endmacro %}


{#- A condition on stg_events: rows of these load dates, with constants on the delivered
    column, by which raw files and partitions are ordered. A row without loaded_at is
    looked at each time. -#}
{% macro on_load_dates(dates) -%}
    {%- if dates is none -%} true
    {%- elif not dates -%} false
    {%- else -%}
        {{ on_dates('cast(loaded_at as date)', dates) }}
        and {{ delivered_between(dates | min, dates | max) }}
    {%- endif -%}
{%- endmacro %}

{% macro delivered_between(first, last=none) -%}
    (
        {{ not_in_calendar('delivered_loaded_at') }}
        or (
            delivered_loaded_at >= timestamp '{{ first }} 00:00:00'
            {%- if last and last < modules.datetime.date.max %}
                and delivered_loaded_at
                < timestamp '{{ last + modules.datetime.timedelta(days=1) }} 00:00:00'
            {%- endif %}
        )
    )
{%- endmacro %}


{#- The days of a list and those around each of them. -#}
{% macro widened(dates, before, after) %}
    {%- if dates is none -%} {{ return(none) }} {%- endif -%}
    {%- set days = [] -%}
    {%- for day in dates -%}
        {%- for ordinal in range(
            [day.toordinal() - before, 1] | max,
            [day.toordinal() + after, modules.datetime.date.max.toordinal()] | min + 1
        ) -%}
            {%- do days.append(modules.datetime.date.fromordinal(ordinal)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(days | unique | sort) }}
{% endmacro %}


{#- The event dates on which the event table holds rows of these loads, or may hold other
    copies of the events that were read. -#}
{% macro dates_of_copies(load_dates) %}
    {%- if not execute -%} {%- do ref('int_event_dates_held') -%} {%- endif -%}
    {%- if not has_history() -%} {{ return([]) }} {%- endif -%}
    {{ return(run_query(
        'select distinct event_date from ' ~ ref('int_event_dates_held')
        ~ ' where ' ~ on_dates('load_date', load_dates)
        ~ ' or device_date in (select device_date from ' ~ ref('int_events_deduplicated') ~ ')'
    ).columns[0].values() | list) }}
{% endmacro %}


{#- The event dates on which the event table holds rows of these loads. -#}
{% macro dates_of_loads(load_dates) %}
    {%- if not has_history() -%} {{ return([]) }} {%- endif -%}
    {{ return(run_query(
        'select distinct event_date from ' ~ ref('int_event_dates_held')
        ~ ' where ' ~ on_dates('load_date', load_dates)
    ).columns[0].values() | list) }}
{% endmacro %}


{#- The days that can decide about the sessions of the touched devices, or show them whole.
    A session lasts less than two days of UTC, and whether it was cut at a midnight is
    decided by the day before, so three days before a change and three after it are
    enough in every time zone; two more show where the last sessions end. -#}
{% macro dates_around_touched() %}
    {%- if not execute -%} {%- do ref('int_device_dates_touched') -%} {%- endif -%}
    {%- if not has_history() -%} {{ return([]) }} {%- endif -%}
    {{ return(widened(run_query(
        'select distinct event_date from ' ~ ref('int_device_dates_touched')
    ).columns[0].values() | list, 3, 5)) }}
{% endmacro %}
