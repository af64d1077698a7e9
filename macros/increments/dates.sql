{#- The event dates that this run changes: those of the rows that were read, those on which
    rows of the same load dates ever lay, and those of other copies of all these events, of
    which another may now be the first. None for every date. To be asked by the event table,
    of whose last state the copies are found by key, on the days that can have any. -#}
{% macro touched_dates(events_read, load_ledger, load_contents) %}
    {%- if not has_history() -%} {{ return(none) }} {%- endif -%}
    {%- set known, key = found_out(), 'touched dates' -%}
    {%- if key in known -%} {{ return(known[key]) }} {%- endif -%}
    {%- set loads = loads_to_read(load_ledger) -%}
    {%- set of_loads = run_query(
        'select distinct event_date from ' ~ load_contents ~ ' where '
        ~ on_dates('load_date', loads)
    ).columns[0].values() | list -%}
    {%- set with_copies = run_query(
        'select distinct event_date from ' ~ load_contents ~ ' where device_date in ('
        ~ 'select device_date from ' ~ load_contents ~ ' where '
        ~ on_dates('load_date', loads) ~ ')'
    ).columns[0].values() | list -%}
    {%- set of_copies = run_query(
        'select distinct event_date from ' ~ this ~ ' where ' ~ on_dates('event_date', with_copies)
        ~ ' and event_key in (' ~ changed_keys(events_read, loads, of_loads) ~ ')'
    ).columns[0].values() | list -%}
    {%- do known.update({key: (of_loads + of_copies + days_of_range()) | unique | sort}) -%}
    {{ return(known[key]) }}
{% endmacro %}


{#- A pre-hook of the event table: notes which days a batch changes, before a row of them is
    touched, for the tables that are made from it. A session that holds a changed event began
    on the second day before it at the latest; a change that joins or parts a device's chain of
    events is felt until the third day after it. A null date stands for every date. -#}
{% macro record_dates(touched) %}
    {%- if execute -%}
        {%- set batch = batch_to_hold() -%}
        {%- if batch != mark_of(event_table_name()) or touched is none -%}
            insert into {{ table_of_last_run('event_date_ledger') }} (batch_number, event_date)
            {%- if touched is none %}
                select cast({{ batch }} as bigint), cast(null as date)
            {%- else %}
                select cast({{ batch }} as bigint), date_day
                from (
                    {{ rows_of_dates(widened(touched, 2, 3)) }}
                ) as changed_days
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- The days whose rows a model has to replace in this run: a list of dates, or none for
    every day there is. Those that batches after its mark changed; of a model made from loads,
    the load dates that they brought. -#}
{% macro dates_to_replace() %}
    {%- if not execute or should_full_refresh() or not is_incremental() -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set known, key = found_out(), 'dates to replace' -%}
    {%- if key not in known -%}
        {%- set mark = mark_of(model.name) -%}
        {%- if config.get('meta').made_from == 'loads' -%}
            {%- set dates = loads_after(mark, table_of_last_run('load_ledger')) -%}
        {%- else -%}
            {%- set dates = run_query(
                'select distinct event_date from ' ~ table_of_last_run('event_date_ledger')
                ~ ' where batch_number > ' ~ mark ~ ' order by event_date'
            ).columns[0].values() | list -%}
        {%- endif -%}
        {%- do known.update({key: none if none in dates else dates}) -%}
    {%- endif -%}
    {{ return(known[key]) }}
{% endmacro %}


{#- The days that a model writes: those to replace; of the event table, the days that this
    run changes with the three after each on which the change is felt. -#}
{% macro dates_to_write() %}
    {%- if model.name != event_table_name() -%} {{ return(dates_to_replace()) }} {%- endif -%}
    {{ return(widened(touched_dates(
        table_of_last_run('int_events_read_this_run'), table_of_last_run('load_ledger'),
        table_of_last_run('load_contents_ledger')
    ), 0, 3)) }}
{% endmacro %}


{#- A condition on a date column with constants only, so that an engine reads no other
    partition: the days given, with some before and after each. `dates` none stands for every
    day; there the comments tell where a slice of days has to be named (sliced_statements). -#}
{% macro on_dates(column, dates, before=0, after=0) -%}
    {%- if dates is none -%}
        (
            {{ column }} >= date '0001-01-01' /* slice -{{ before }} */
            and {{ column }} <= date '9999-12-31' /* slice +{{ after }} */
        )
    {%- elif not dates -%} {{ column }} < date '0001-01-01'
    {%- else -%}
        {{ column }} in (
            {%- for day in widened(dates, before, after) -%}
                date '{{ day }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
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
        {%- if open_exports() %}
        and {{ in_shards_of(dates) }}
        {%- endif %}
    {%- endif -%}
{%- endmacro %}

{#- The same for a tracker's export of a table a day. -#}
{% macro in_shards_of(dates) -%}
    (
        shard is null
        or shard in (
            {%- for day in dates -%}
                {%- set name = (day | string).replace('-', '') -%}
                '{{ name }}', 'fresh_{{ name }}', 'intraday_{{ name }}'
                {{- ', ' if not loop.last }}
            {%- endfor -%}
        )
    )
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
