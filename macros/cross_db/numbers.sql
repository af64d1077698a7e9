{#- An exact decimal with four places, for money; null where the input is no number or one
    of a hundred million million or more. -#}
{% macro as_decimal(amount) %}
    {{- return(adapter.dispatch('as_decimal')(amount)) -}}
{% endmacro %}

{% macro duckdb__as_decimal(amount) -%}
    try_cast({{ amount }} as decimal(18, 4))
{%- endmacro %}

{#- The bound is what still rounds to fourteen digits before the point. -#}
{% macro bigquery__as_decimal(amount) -%}
    case
        when abs(safe_cast({{ amount }} as numeric)) < numeric '99999999999999.99995'
            then round(cast({{ amount }} as numeric), 4)
    end
{%- endmacro %}


{#- A sum of money as `as_decimal` gives it, but what does not fit stops the run: a sum that
    became null would be taken for nothing. -#}
{% macro as_money(amount) %}
    {{- return(adapter.dispatch('as_money')(amount)) -}}
{% endmacro %}

{% macro duckdb__as_money(amount) -%}
    case
        when abs({{ amount }}) < 99999999999999.99995
            then cast({{ amount }} as decimal(18, 4))
        when ({{ amount }}) is not null then {{ raise_error(money_does_not_fit()) }}
    end
{%- endmacro %}

{% macro bigquery__as_money(amount) -%}
    case
        when abs({{ amount }}) < numeric '99999999999999.99995'
            then round(cast({{ amount }} as numeric), 4)
        when ({{ amount }}) is not null then {{ raise_error(money_does_not_fit()) }}
    end
{%- endmacro %}

{#- An exact decimal with nine places, for a rate or a share; null where the input is no
    number or one of a thousand million or more. -#}
{% macro as_factor(number) %}
    {{- return(adapter.dispatch('as_factor')(number)) -}}
{% endmacro %}

{% macro duckdb__as_factor(number) -%}
    try_cast({{ number }} as decimal(18, 9))
{%- endmacro %}

{% macro bigquery__as_factor(number) -%}
    case
        when abs(safe_cast({{ number }} as numeric)) < 1000000000
            then cast({{ number }} as numeric)
    end
{%- endmacro %}


{#- An amount of money times a factor, rounded to nine places and then to four, as BigQuery's
    NUMERIC does by itself. What does not fit stops the run. -#}
{% macro money_times(amount, factor) %}
    {{- return(adapter.dispatch('money_times')(amount, factor)) -}}
{% endmacro %}

{#- DuckDB gives a product of two decimals of 18 digits 18 digits again, so one gets more. -#}
{% macro duckdb__money_times(amount, factor) -%}
    {{ as_money(
        'cast(cast(' ~ amount ~ ' as decimal(28, 4)) * ' ~ factor ~ ' as decimal(38, 9))'
    ) }}
{%- endmacro %}

{% macro bigquery__money_times(amount, factor) -%}
    {{ as_money(amount ~ ' * ' ~ factor) }}
{%- endmacro %}


{% macro money_does_not_fit() -%}
    'A sum of money is 100,000,000,000,000 or more, and no column holds it. Look for an amount that is none (an id, a time) in the raw tables of the model that failed.'
{%- endmacro %}


{#- An expression that stops the query with a text, wherever a row comes to it. Put it into a
    branch of a `case`; in a column that nobody reads it stops nothing. -#}
{% macro raise_error(text) %}
    {{- return(adapter.dispatch('raise_error')(text)) -}}
{% endmacro %}

{% macro default__raise_error(text) -%} error({{ text }}) {%- endmacro %}


{#- The median of whole numbers by group; the mean of the middle two where their count is
    even. It is taken in two steps, as BigQuery knows it as a window function only, which
    DuckDB computes at half the speed: `median_input` in every row, `median_of` that by
    group. -#}
{% macro median_input(value, group_by) %}
    {{- return(adapter.dispatch('median_input')(value, group_by)) -}}
{% endmacro %}

{% macro duckdb__median_input(value, group_by) -%} {{ value }} {%- endmacro %}

{% macro bigquery__median_input(value, group_by) -%}
    percentile_cont({{ value }}, 0.5) over (partition by {{ group_by }})
{%- endmacro %}

{% macro median_of(median_input) %}
    {{- return(adapter.dispatch('median_of')(median_input)) -}}
{% endmacro %}

{% macro duckdb__median_of(median_input) -%} median({{ median_input }}) {%- endmacro %}

{% macro bigquery__median_of(median_input) -%} max({{ median_input }}) {%- endmacro %}


{#- The value of the row with the least (or greatest) `position`; a row whose position is
    null has no say. -#}
{% macro value_at_first(value, position) %}
    {{- return(adapter.dispatch('value_at_first')(value, position)) -}}
{% endmacro %}

{% macro duckdb__value_at_first(value, position) -%}
    arg_min_null({{ value }}, {{ position }})
{%- endmacro %}

{% macro bigquery__value_at_first(value, position) -%}
    any_value({{ value }} having min {{ position }})
{%- endmacro %}


{% macro value_at_last(value, position) %}
    {{- return(adapter.dispatch('value_at_last')(value, position)) -}}
{% endmacro %}

{% macro duckdb__value_at_last(value, position) -%}
    arg_max_null({{ value }}, {{ position }})
{%- endmacro %}

{% macro bigquery__value_at_last(value, position) -%}
    any_value({{ value }} having max {{ position }})
{%- endmacro %}


{#- A whole select: the whole numbers from 0 to `last`, as `n`. -#}
{% macro whole_numbers_to(last) %}
    {{- return(adapter.dispatch('whole_numbers_to')(last)) -}}
{% endmacro %}

{% macro duckdb__whole_numbers_to(last) -%}
    select unnest(generate_series(0, {{ last }})) as n
{%- endmacro %}

{% macro bigquery__whole_numbers_to(last) -%}
    select n from unnest(generate_array(0, {{ last }})) as n
{%- endmacro %}


{#- One whole number divided by another, as a float: there are engines that would cut it off
    to a whole number, but neither of these. -#}
{% macro divided(numerator, denominator) %}
    {{- return(adapter.dispatch('divided')(numerator, denominator)) -}}
{% endmacro %}

{% macro default__divided(numerator, denominator) -%}
    ({{ numerator }}) / ({{ denominator }})
{%- endmacro %}
