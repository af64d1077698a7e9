{#- The number of the batch that begins with this run: one more than any that was used. -#}
{% macro next_batch() %}
    {%- if not execute -%} {{ return(1) }} {%- endif -%}
    {%- set used = [newest_batch(marks())] -%}
    {%- do used.append(newest_batch(this)) if is_incremental() -%}
    {{ return(1 + used | max) }}
{% endmacro %}


{#- The load dates whose raw rows are not those that were counted last, with their number
    of raw rows: some came, or some were deleted, perhaps all. None where the whole log is
    to be counted. Every load date is counted in every run, from two columns: by no total can
    a deleted row and a late one be told from none. -#}
{% macro changed_load_dates() %}
    {%- if not execute -%} {%- do ref('stg_events') -%} {%- endif -%}
    {%- if not has_history() or not is_incremental() -%} {{ return(none) }} {%- endif -%}

    {%- set held = {} -%}
    {%- for row in run_query(
        'select load_date, raw_count from ' ~ this ~ ' where batch_number >= ' ~ whole_batch()
        ~ ' qualify row_number() over (partition by load_date order by batch_number desc) = 1'
    ) -%}
        {%- do held.update({row[0]: row[1] | int}) if row[1] -%}
    {%- endfor -%}
    {%- set found = raw_counts() -%}
    {%- do check_log_is_the_same(held, found) -%}

    {%- set changed = load_dates_of_range(found.keys() | list) -%}
    {%- for day in (held.keys() | list + found.keys() | list) | unique -%}
        {%- do changed.append(day) if held.get(day) != found.get(day) -%}
    {%- endfor -%}
    {%- set counted_before = changed | select('in', held) | list -%}
    {%- do changed.extend(load_dates_of_copies(counted_before)) if counted_before -%}
    {%- set counts = {} -%}
    {%- for day in changed | unique | sort -%}
        {%- do counts.update({day: found.get(day, 0)}) -%}
    {%- endfor -%}
    {{ return(counts) }}
{% endmacro %}


{#- The last batch that built the event table anew. What was counted before and not in it was
    gone then, and would pass for read when it returns. -#}
{% macro whole_batch() %}
    {%- set ledger = held_table('int_event_dates_dirtied') -%}
    {{ return(newest_batch(
        '(select * from ' ~ ledger ~ ' where event_date is null) as whole'
    ) if ledger else 0) }}
{% endmacro %}


{#- Stops the run where no load date is left of those that the tables were built from: that
    is another log, or the newest delivery without those before it. -#}
{% macro check_log_is_the_same(held, found) %}
    {%- if held and not held.keys() | select('in', found) | list -%}
        {{ exceptions.raise_compiler_error(
            "No event is left of the " ~ held | length ~ " load dates that the tables were "
            ~ "built from: " ~ raw_place('events') ~ " holds another log, or only the newest "
            ~ "delivery. Name the whole log that the tables belong to; or, if it was to be "
            ~ "replaced, run `dbt build --full-refresh`. No table was touched."
        ) }}
    {%- endif -%}
{% endmacro %}

{% macro raw_counts() %}
    {%- set counts = {} -%}
    {%- for row in run_query(
        'select cast(loaded_at as date), count(*) from ' ~ ref('stg_events') ~ ' group by 1'
    ) -%}
        {%- do counts.update({row[0]: row[1] | int}) -%}
    {%- endfor -%}
    {{ return(counts) }}
{% endmacro %}


{#- Rows of load dates that were counted before may have been deleted since. Then another
    copy of such an event stands in for it, if there is one: its load date has to be read
    too. To find it takes a look at two columns of the whole log, and is asked only then. -#}
{% macro load_dates_of_copies(load_dates) %}
    {%- set events = held_rows(
        ['event_id', 'device_date', 'loaded_at'], dates_of_loads(load_dates)
    ) -%}
    {%- set gone -%}
        select
            held.event_id,
            held.device_date
        from ({{ events }}) as held
        left join (
            select
                event_id,
                device_date
            from {{ ref('stg_events') }}
            where refusal_reason is null and {{ on_load_dates(load_dates) }}
        ) as found
            on
                held.event_id = found.event_id
                and held.device_date = found.device_date
        where
            found.event_id is null
            and {{ on_dates('cast(held.loaded_at as date)', load_dates) }}
    {%- endset -%}
    {%- set gone_count = run_query('select count(*) from (' ~ gone ~ ') as gone').rows[0][0] -%}
    {%- if not gone_count -%} {{ return([]) }} {%- endif -%}
    {%- do log(
        gone_count ~ ' raw events have vanished that the tables hold. The tables follow: '
        ~ 'what is not in the raw log is not in them either.', info=true
    ) -%}
    {{ return(run_query(
        'select distinct cast(copies.loaded_at as date) from ' ~ ref('stg_events')
        ~ ' as copies inner join (' ~ gone ~ ') as gone'
        ~ ' on copies.event_id = gone.event_id and copies.device_date = gone.device_date'
    ).columns[0].values() | list) }}
{% endmacro %}


{#- The load dates from which the days of the range that is to be rebuilt came, or may have
    come. -#}
{% macro load_dates_of_range(load_dates) %}
    {%- set range = rebuilt_range() -%}
    {%- if range is none -%} {{ return([]) }} {%- endif -%}
    {%- set days = [] -%}
    {%- for day in load_dates if range[0] <= day <= range[1] -%}
        {%- do days.append(day) -%}
    {%- endfor -%}
    {%- do days.extend(run_query(
        'select distinct load_date from ' ~ ref('int_event_dates_held')
        ~ " where event_date between date '" ~ range[0] ~ "' and date '" ~ range[1] ~ "'"
    ).columns[0].values()) -%}
    {{ return(days) }}
{% endmacro %}
