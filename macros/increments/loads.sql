{#- What the ledger of loads has to learn: the load dates whose raw rows are not those that
    were counted last, as {there, gone, versions}: those that hold rows now, those that hold none
    any more, and what tells a day that was written again from before. Every load date is counted
    in every run, from two columns: by no total can a deleted row and a late one be told from
    none. Where the event table is built anew, every load date there is or was. -#}
{% macro changed_loads(events) %}
    {%- if not execute -%} {{ return({'there': [], 'gone': []}) }} {%- endif -%}
    {%- set counted, versions = {}, versions_of_loads() -%}
    {%- set held_versions = {} -%}
    {%- if is_incremental() -%}
        {%- set has_versions = adapter.get_columns_in_relation(this)
            | selectattr('name', 'equalto', 'raw_version') | list -%}
        {%- for row in run_query(
            'select ledger.load_date, ledger.raw_count, '
            ~ ('ledger.raw_version' if has_versions else 'null') ~ ' from ' ~ this ~ ' as ledger '
            ~ 'inner join (select load_date, max(batch_number) as batch_number from ' ~ this
            ~ ' group by load_date) as newest on ledger.load_date = newest.load_date '
            ~ 'and ledger.batch_number = newest.batch_number'
        ) -%}
            {%- do counted.update({row[0]: row[1] | int}) -%}
            {%- do held_versions.update({row[0]: row[2] | int}) if row[2] is not none -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set found = {} -%}
    {%- for row in run_query(
        'select cast(loaded_at as date), count(*) from ' ~ events ~ ' group by 1'
    ) -%}
        {%- do found.update({row[0]: row[1] | int}) -%}
    {%- endfor -%}
    {%- do check_log_is_the_same(counted, found) if has_history() -%}

    {%- set rebuilt = load_dates_of_range(events) -%}
    {%- set is_anew = not has_history() -%}
    {%- set changed = {'there': [], 'gone': [], 'versions': versions} -%}
    {%- for day in (counted.keys() | list + found.keys() | list) | unique | sort
        if is_anew or day in rebuilt or counted.get(day, 0) != found.get(day, 0)
        or held_versions.get(day) != versions.get(day) -%}
        {%- do changed['there' if day in found else 'gone'].append(day) -%}
    {%- endfor -%}
    {{ return(changed) }}
{% endmacro %}


{#- Of exports that come as a table a day: the days to a number that is another when the day
    was written again, with as many rows as before or not. -#}
{% macro versions_of_loads() %}
    {%- set versions = {} -%}
    {%- for tracker in open_exports() if is_sharded(tracker) -%}
        {%- for day, version in versions_of_shards(tracker).items() -%}
            {%- do versions.update({day: versions.get(day, 0) + version}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(versions) }}
{% endmacro %}

{#- SQL: the version of a load date, null where it has none. -#}
{% macro version_of_load(load_date, versions) -%}
    {%- if not versions -%} cast(null as bigint)
    {%- else -%}
        case {{ load_date }}
            {%- for day, version in versions.items() %}
            when date '{{ day }}' then {{ version }}
            {%- endfor %}
        end
    {%- endif -%}
{%- endmacro %}


{#- The load dates from which the days of the range that is to be rebuilt come, and those
    from which their rows came so far. -#}
{% macro load_dates_of_range(events) %}
    {%- if not days_of_range() -%} {{ return([]) }} {%- endif -%}
    {%- set of_rows = run_query(
        'select distinct cast(loaded_at as date) from ' ~ events ~ ' where '
        ~ on_dates(reporting_date('occurred_at'), days_of_range())
    ).columns[0].values() | list -%}
    {%- set of_held_rows = run_query(
        'select distinct load_date from ' ~ table_of_last_run('load_contents_ledger')
        ~ ' where ' ~ on_dates('event_date', days_of_range())
    ).columns[0].values() | list if has_history() else [] -%}
    {{ return(of_rows + of_held_rows) }}
{% endmacro %}


{#- The number of the batch that begins with this run: one more than any that was used. -#}
{% macro next_batch() %}
    {%- set used = [0] -%}
    {%- for name in ['increment_marks', 'load_ledger'] -%}
        {%- set table = table_of_last_run(name) if execute -%}
        {%- do used.append(newest_batch(table)) if table -%}
    {%- endfor -%}
    {{ return(1 + used | max) }}
{% endmacro %}


{#- Stops the run where no load date is left of those that the tables were built from: that
    is another log, or the newest delivery without those before it. -#}
{% macro check_log_is_the_same(counted, found) %}
    {%- set held = [] -%}
    {%- for day, raw_count in counted.items() if raw_count -%}
        {%- do held.append(day) -%}
    {%- endfor -%}
    {%- if held and not held | select('in', found) | list -%}
        {{ exceptions.raise_compiler_error(
            "No event is left of the " ~ held | length ~ " load dates that the tables were "
            ~ "built from: " ~ raw_place('events') ~ " holds another log, or only the newest "
            ~ "delivery. Name the whole log that the tables belong to; or, if it was to be "
            ~ "replaced, run `dbt build --full-refresh`. No table was touched."
        ) }}
    {%- endif -%}
{% endmacro %}


{#- The load dates that a model has not seen yet, by its mark: those that batches after it
    brought; none for every load date. -#}
{% macro loads_after(mark, load_ledger) %}
    {%- if mark is none -%} {{ return(none) }} {%- endif -%}
    {{ return(run_query(
        'select distinct load_date from ' ~ load_ledger ~ ' where batch_number > ' ~ mark
        ~ ' order by load_date'
    ).columns[0].values() | list) }}
{% endmacro %}


{#- The load dates whose raw rows this run reads, each whole: those that the event table does
    not hold yet; none for every load date. -#}
{% macro loads_to_read(load_ledger) %}
    {%- if not has_history() -%} {{ return(none) }} {%- endif -%}
    {{ return(loads_after(mark_of(event_table_name()), load_ledger)) }}
{% endmacro %}
