{#- The first day of the `n`-th period after a period's first day. `period` is SQL that
    gives day, week or month. -#}
{% macro add_periods(period, date, n) -%}
    case {{ period }}
        when 'day' then {{ add_days(date, n) }}
        when 'week' then {{ add_days(date, '7 * (' ~ n ~ ')') }}
        when 'month' then {{ add_months(date, n) }}
    end
{%- endmacro %}


{#- How many periods lie between the first days of two of them. -#}
{% macro periods_between(period, earlier, later) -%}
    case {{ period }}
        when 'day' then {{ days_between(earlier, later) }}
        when 'week' then cast({{ divided(days_between(earlier, later), 7) }} as bigint)
        when 'month'
            then
                12 * (extract(year from {{ later }}) - extract(year from {{ earlier }}))
                + extract(month from {{ later }}) - extract(month from {{ earlier }})
    end
{%- endmacro %}


{#- The first day of the period that holds a date. -#}
{% macro period_start(period, date) -%}
    case {{ period }}
        when 'day' then {{ date }}
        when 'week' then {{ week_start(date) }}
        when 'month' then {{ month_start(date) }}
    end
{%- endmacro %}
