{#- A day of the reporting time zone: what `event_date` and every other date means. -#}
{% macro reporting_date(timestamp) %}
    {{- return(adapter.dispatch('reporting_date')(timestamp)) -}}
{% endmacro %}

{% macro duckdb__reporting_date(timestamp) -%}
    {%- if var('reporting_timezone') == 'UTC' -%} cast({{ timestamp }} as date)
    {%- else -%}
        cast(timezone('{{ var("reporting_timezone") }}', timezone('UTC', {{ timestamp }})) as date)
    {%- endif -%}
{%- endmacro %}

{% macro bigquery__reporting_date(timestamp) -%}
    date({{ timestamp }}, '{{ var("reporting_timezone") }}')
{%- endmacro %}


{#- A timestamp whose clock is that of a zone, taken for UTC so far, in UTC. -#}
{% macro in_utc(timestamp, zone) %}
    {%- if zone == 'UTC' -%} {{ return(timestamp) }} {%- endif -%}
    {{- return(adapter.dispatch('in_utc')(timestamp, zone)) -}}
{% endmacro %}

{% macro duckdb__in_utc(timestamp, zone) -%}
    timezone('UTC', timezone('{{ zone }}', {{ timestamp }}))
{%- endmacro %}

{% macro bigquery__in_utc(timestamp, zone) -%}
    timestamp(datetime({{ timestamp }}), '{{ zone }}')
{%- endmacro %}


{% macro microseconds_between(earlier, later) %}
    {{- return(adapter.dispatch('microseconds_between')(earlier, later)) -}}
{% endmacro %}

{% macro duckdb__microseconds_between(earlier, later) -%}
    date_diff('microsecond', {{ earlier }}, {{ later }})
{%- endmacro %}

{% macro bigquery__microseconds_between(earlier, later) -%}
    timestamp_diff({{ later }}, {{ earlier }}, microsecond)
{%- endmacro %}


{% macro add_microseconds(timestamp, microseconds) %}
    {{- return(adapter.dispatch('add_microseconds')(timestamp, microseconds)) -}}
{% endmacro %}

{% macro duckdb__add_microseconds(timestamp, microseconds) -%}
    {{ timestamp }} + to_microseconds({{ microseconds }})
{%- endmacro %}

{% macro bigquery__add_microseconds(timestamp, microseconds) -%}
    timestamp_add({{ timestamp }}, interval {{ microseconds }} microsecond)
{%- endmacro %}


{% macro add_days(date, days) %}
    {{- return(adapter.dispatch('add_days')(date, days)) -}}
{% endmacro %}

{% macro duckdb__add_days(date, days) -%}
    cast({{ date }} + to_days(cast({{ days }} as integer)) as date)
{%- endmacro %}

{#- The casts change nothing on BigQuery; the emulator makes timestamps of dates. -#}
{% macro bigquery__add_days(date, days) -%}
    cast(date_add({{ date }}, interval {{ days }} day) as date)
{%- endmacro %}


{% macro days_between(earlier, later) %}
    {{- return(adapter.dispatch('days_between')(earlier, later)) -}}
{% endmacro %}

{% macro duckdb__days_between(earlier, later) -%}
    date_diff('day', {{ earlier }}, {{ later }})
{%- endmacro %}

{% macro bigquery__days_between(earlier, later) -%}
    date_diff({{ later }}, {{ earlier }}, day)
{%- endmacro %}


{#- The first day of the calendar week; the variable week_starts_on says which day that is. -#}
{% macro week_start(date) %}
    {%- if var('week_starts_on') not in ('monday', 'sunday') -%}
        {{ exceptions.raise_compiler_error(
            "The variable week_starts_on is '" ~ var('week_starts_on')
            ~ "'. Set it to monday or sunday in dbt_project.yml or with --vars."
        ) }}
    {%- endif -%}
    {{- return(adapter.dispatch('week_start')(date)) -}}
{% endmacro %}

{% macro duckdb__week_start(date) -%}
    {%- if var('week_starts_on') == 'sunday' -%}
        cast(date_trunc('week', {{ date }} + 1) as date) - 1
    {%- else -%}
        cast(date_trunc('week', {{ date }}) as date)
    {%- endif -%}
{%- endmacro %}

{#- By arithmetic and not by date_trunc(…, week(monday)), which the emulator gets wrong. -#}
{% macro bigquery__week_start(date) -%}
    {%- set shift = {'monday': 5, 'sunday': 6}[var('week_starts_on')] -%}
    cast(date_sub({{ date }}, interval mod(extract(dayofweek from {{ date }}) + {{ shift }}, 7) day) as date)
{%- endmacro %}


{% macro month_start(date) %}
    {{- return(adapter.dispatch('month_start')(date)) -}}
{% endmacro %}

{% macro duckdb__month_start(date) -%}
    cast(date_trunc('month', {{ date }}) as date)
{%- endmacro %}

{% macro bigquery__month_start(date) -%}
    cast(date_trunc({{ date }}, month) as date)
{%- endmacro %}


{% macro add_months(date, months) %}
    {{- return(adapter.dispatch('add_months')(date, months)) -}}
{% endmacro %}

{% macro duckdb__add_months(date, months) -%}
    cast({{ date }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}

{% macro bigquery__add_months(date, months) -%}
    cast(date_add({{ date }}, interval {{ months }} month) as date)
{%- endmacro %}


{#- Text to a UTC timestamp, null where it does not parse. A text without an offset is UTC.
    Each engine reads texts that the other does not (24:00:00, 2024/03/12, infinity,
    nanoseconds); so only ISO 8601 is read at all, and micros are kept. What people and
    tools write beside it is first brought into that form: blanks around, no seconds, a
    small t or z, a blank before the offset. A number alone is an epoch. -#}
{% macro parse_timestamp(text) %}
    {{- return(adapter.dispatch('parse_timestamp')(text)) -}}
{% endmacro %}

{#- DuckDB's cast to `timestamp` drops an offset without a word; `timestamptz` heeds it. -#}
{% macro duckdb__parse_timestamp(text) -%}
    case
        when regexp_matches({{ text }}, '{{ timestamp_pattern() }}')
            then timezone('UTC', try_cast({{ text }} as timestamptz))
        when regexp_matches({{ text }}, '{{ epoch_pattern() }}')
            then {{ epoch_timestamp(text) }}
        when regexp_matches({{ text }}, '{{ loose_timestamp_pattern() }}')
            then timezone('UTC', try_cast({{ iso_text(text) }} as timestamptz))
    end
{%- endmacro %}

{% macro bigquery__parse_timestamp(text) -%}
    case
        when regexp_contains({{ text }}, r'{{ timestamp_pattern() }}')
            then
                safe_cast(
                    regexp_replace({{ text }}, r'([.][0-9]{6})[0-9]+', r'\1') as timestamp
                )
        when regexp_contains({{ text }}, r'{{ epoch_pattern() }}')
            then {{ epoch_timestamp(text) }}
        when regexp_contains({{ text }}, r'{{ loose_timestamp_pattern() }}')
            then
                safe_cast(
                    regexp_replace(
                        {{ iso_text(text) }}, r'([.][0-9]{6})[0-9]+', r'\1'
                    ) as timestamp
                )
    end
{%- endmacro %}

{% macro timestamp_pattern() -%}
    ^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}
    {%- set time = '([01]?[0-9]|2[0-3]):[0-5]?[0-9]:[0-5]?[0-9]([.][0-9]+)?' -%}
    {%- set zone = 'Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?| ?[A-Z][A-Za-z_/]+' -%}
    ([T ]{{ time }}({{ zone }})?)?$
{%- endmacro %}

{#- The same with what iso_text mends. -#}
{% macro loose_timestamp_pattern() -%}
    ^[ \t]*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}
    {%- set time = '([01]?[0-9]|2[0-3]):[0-5]?[0-9](:[0-5]?[0-9]([.][0-9]+)?)?' -%}
    {%- set zone = ' ?[Zz]| ?[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?| ?[A-Z][A-Za-z_/]+' -%}
    ([Tt ]{{ time }}({{ zone }})?)?[ \t]*$
{%- endmacro %}

{% macro epoch_pattern() -%}
    ^[ \t]*[0-9]+([.][0-9]*)?([eE][+]?[0-9]{1,2})?[ \t]*$
{%- endmacro %}

{#- A text that loose_timestamp_pattern matches in the form that timestamp_pattern does. -#}
{% macro iso_text(text) %}
    {{- return(adapter.dispatch('iso_text')(text)) -}}
{% endmacro %}

{% macro duckdb__iso_text(text) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    trim({{ text }}, ' ' || chr(9)), '([0-9]) ?[Zz]$', '\1Z'
                ),
                '([0-9])[Tt]([0-9])', '\1 \2'
            ),
            ' ([0-9]+:[0-9]+)($|[ +-]|[A-Z])', ' \1:00\2'
        ),
        ' ([+-])', '\1'
    )
{%- endmacro %}

{% macro bigquery__iso_text(text) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(trim({{ text }}, ' \t'), r'([0-9]) ?[Zz]$', r'\1Z'),
                r'([0-9])[Tt]([0-9])', r'\1 \2'
            ),
            r' ([0-9]+:[0-9]+)($|[ +-]|[A-Z])', r' \1:00\2'
        ),
        r' ([+-])', r'\1'
    )
{%- endmacro %}


{#- A number of seconds, milliseconds or microseconds since 1970 to a UTC timestamp: its
    size tells which, since each reads as a time from 2000 to 2100 in one of them only. Any
    other number, 20260301 among them, is no time. -#}
{% macro epoch_timestamp(number) %}
    {{- return(adapter.dispatch('epoch_timestamp')(number)) -}}
{% endmacro %}

{% macro duckdb__epoch_timestamp(number) -%}
    make_timestamp({{ epoch_microseconds('try_cast(' ~ number ~ ' as decimal(22, 6))') }})
{%- endmacro %}

{% macro bigquery__epoch_timestamp(number) -%}
    timestamp_micros({{ epoch_microseconds('safe_cast(' ~ number ~ ' as numeric)') }})
{%- endmacro %}

{% macro epoch_microseconds(number) -%}
    case
        {%- for factor in [1000000, 1000, 1] %}
        when
            {{ number }} between {{ 946684800 * (1000000 // factor) }}
            and {{ 4102444800 * (1000000 // factor) }}
            then cast({{ number }} * {{ factor }} as bigint)
        {%- endfor %}
    end
{%- endmacro %}


{#- A timestamp as ISO 8601 text with six decimals, the same on every engine. -#}
{% macro timestamp_text(timestamp) %}
    {{- return(adapter.dispatch('timestamp_text')(timestamp)) -}}
{% endmacro %}

{% macro duckdb__timestamp_text(timestamp) -%}
    strftime({{ timestamp }}, '%Y-%m-%dT%H:%M:%S.%fZ')
{%- endmacro %}

{% macro bigquery__timestamp_text(timestamp) -%}
    format_timestamp('%Y-%m-%dT%H:%M:%E6SZ', {{ timestamp }}, 'UTC')
{%- endmacro %}


{#- A whole select: one row per day, `date_day`, from the column `first` to the column
    `last` of each row of a CTE, both included. -#}
{% macro days_of(cte, first, last) %}
    {{- return(adapter.dispatch('days_of')(cte, first, last)) -}}
{% endmacro %}

{% macro duckdb__days_of(cte, first, last) -%}
    select cast(unnest(generate_series({{ first }}, {{ last }}, interval 1 day)) as date)
            as date_day
    from {{ cte }}
{%- endmacro %}

{% macro bigquery__days_of(cte, first, last) -%}
    select date_day
    from {{ cte }}
    cross join unnest(generate_date_array({{ first }}, {{ last }})) as date_day
{%- endmacro %}


{#- A whole select: one row per date of a list, `date_day`; no row for an empty list. -#}
{% macro rows_of_dates(dates) %}
    {%- if not dates -%}
        {{ return('select cast(null as date) as date_day from (select 1 as one) as no_rows where one = 0') }}
    {%- endif -%}
    {{- return(adapter.dispatch('rows_of_dates')(dates)) -}}
{% endmacro %}

{% macro duckdb__rows_of_dates(dates) -%}
    select unnest([
        {%- for day in dates %}date '{{ day }}'{{ ', ' if not loop.last }}{% endfor -%}
    ]) as date_day
{%- endmacro %}

{% macro bigquery__rows_of_dates(dates) -%}
    select date_day
    from unnest([
        {%- for day in dates %}date '{{ day }}'{{ ', ' if not loop.last }}{% endfor -%}
    ]) as date_day
{%- endmacro %}
