{#- Seconds and rates are one division of two whole numbers, so that every engine gives the
    same float, whatever the order in which rows were added up. -#}
{% macro as_seconds(microseconds) -%}
    {{ divided(microseconds, 1000000) }}
{%- endmacro %}


{% macro seconds_between(earlier, later) -%}
    {{ as_seconds(microseconds_between(earlier, later)) }}
{%- endmacro %}


{#- Null where the divisor is zero. -#}
{% macro ratio(numerator, denominator) -%}
    {{ divided(numerator, 'nullif(' ~ denominator ~ ', 0)') }}
{%- endmacro %}
