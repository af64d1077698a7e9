{#- True where the RE2 pattern is found anywhere in the text; null where either is null. -#}
{% macro regexp_found(text, pattern) %}
    {{- return(adapter.dispatch('regexp_found')(text, pattern)) -}}
{% endmacro %}

{% macro duckdb__regexp_found(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro bigquery__regexp_found(text, pattern) -%}
    regexp_contains({{ text }}, {{ pattern }})
{%- endmacro %}


{#- What the one group of the pattern matched; null where nothing, or nothing but '', did. -#}
{% macro regexp_group(text, pattern) %}
    {{- return(adapter.dispatch('regexp_group')(text, pattern)) -}}
{% endmacro %}

{% macro duckdb__regexp_group(text, pattern) -%}
    nullif(regexp_extract({{ text }}, '{{ pattern }}', 1), '')
{%- endmacro %}

{% macro bigquery__regexp_group(text, pattern) -%}
    nullif(regexp_extract({{ text }}, r'{{ pattern }}'), '')
{%- endmacro %}


{#- A percent-encoded text decoded; a plus is a space, as in a query. What is no encoding
    stays as it is. -#}
{% macro percent_decoded(text) %}
    {{- return(adapter.dispatch('percent_decoded')(text)) -}}
{% endmacro %}

{% macro duckdb__percent_decoded(text) -%}
    url_decode(replace({{ text }}, '+', ' '))
{%- endmacro %}

{% macro bigquery__percent_decoded(text) -%}
    (
        select
            string_agg(
                case
                    when starts_with(part, '%') and length(part) > 2
                        then safe_convert_bytes_to_string(from_hex(replace(part, '%', '')))
                    else part
                end,
                '' order by position
            )
        from
            unnest(
                regexp_extract_all(
                    replace({{ text }}, '+', ' '), r'(?:%[0-9a-fA-F]{2})+|[^%]+|%'
                )
            ) as part with offset as position
    )
{%- endmacro %}


{#- True where the text is a regular expression that the engine takes (RE2). -#}
{% macro regexp_is_valid(pattern) %}
    {{- return(adapter.dispatch('regexp_is_valid')(pattern)) -}}
{% endmacro %}

{% macro duckdb__regexp_is_valid(pattern) -%}
    (try(regexp_matches('', {{ pattern }})) is not null)
{%- endmacro %}

{% macro bigquery__regexp_is_valid(pattern) -%}
    (safe.regexp_contains('', {{ pattern }}) is not null)
{%- endmacro %}
