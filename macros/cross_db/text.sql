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


{#- A percent-encoded text decoded; a plus is a space, as in a query. What is no encoding of
    UTF-8 stays as it is. -#}
{% macro percent_decoded(text) %}
    {{- return(adapter.dispatch('percent_decoded')(text)) -}}
{% endmacro %}

{% macro duckdb__percent_decoded(text) -%}
    array_to_string(
        list_transform(
            regexp_extract_all(replace({{ text }}, '+', ' '), '{{ percent_encoded_parts() }}'),
            lambda part: url_decode(part)
        ),
        ''
    )
{%- endmacro %}

{% macro bigquery__percent_decoded(text) -%}
    (
        select
            coalesce(string_agg(
                case
                    when starts_with(part, '%') and length(part) > 2
                        then safe_convert_bytes_to_string(from_hex(replace(part, '%', '')))
                    else part
                end,
                '' order by position
            ), {{ text }})
        from
            unnest(
                regexp_extract_all(
                    replace({{ text }}, '+', ' '), r'{{ percent_encoded_parts() }}'
                )
            ) as part with offset as position
    )
{%- endmacro %}

{#- The pattern that cuts a text into runs of encoded UTF-8 characters and what is between.
    Both engines fail or invent characters where bytes are not UTF-8. -#}
{% macro percent_encoded_parts() -%}
    {%- set any, next = '[0-9a-fA-F]', '%[89abAB][0-9a-fA-F]' -%}
    (?:%[0-7]{{ any -}}
    |%(?:[cC][2-9a-fA-F]|[dD]{{ any }}){{ next -}}
    |%[eE](?:0%[abAB]{{ any }}|[1-9abcefABCEF]{{ next }}|[dD]%[89]{{ any }}){{ next -}}
    |%[fF](?:0%[9abAB]{{ any }}|[1-3]{{ next }}|4%8{{ any }}){{ next }}{{ next -}}
    )+|[^%]+|%
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


{#- The text without white space at its ends: spaces, tabs, line breaks, and all else that
    Unicode calls so. -#}
{% macro trimmed(text) %}
    {{- return(adapter.dispatch('trimmed')(text)) -}}
{% endmacro %}

{% macro duckdb__trimmed(text) -%}
    regexp_replace(
        {{ text }}, '^[{{ white_space() }}]+|[{{ white_space() }}]+$', '', 'g'
    )
{%- endmacro %}

{% macro bigquery__trimmed(text) -%}
    trim({{ text }})
{%- endmacro %}


{#- True where the text is null, empty or white space alone. -#}
{% macro is_blank(text) %}
    {{- return(adapter.dispatch('is_blank')(text)) -}}
{% endmacro %}

{#- Most texts begin with a visible character of ASCII: no need to look further. -#}
{% macro duckdb__is_blank(text) -%}
    case
        when ascii({{ text }}) between 33 and 126 then false
        else not coalesce(regexp_matches({{ text }}, '[^{{ white_space() }}]'), false)
    end
{%- endmacro %}

{% macro bigquery__is_blank(text) -%}
    coalesce(trim({{ text }}), '') = ''
{%- endmacro %}


{#- DuckDB only: the characters that Unicode calls white space, for a class in a regular
    expression. Its own trim takes them as a list, and five times as long. -#}
{% macro white_space() -%}
    \t-\r\x{85}\p{Z}
{%- endmacro %}


{#- A number that stands for the values of a row: equal for equal rows of one engine, and all
    but surely another for others. To be combined by `bit_xor`, in any order. -#}
{% macro row_fingerprint(columns) %}
    {{- return(adapter.dispatch('row_fingerprint')(columns)) -}}
{% endmacro %}

{% macro duckdb__row_fingerprint(columns) -%}
    {#- Twice, because `hash` of several values combines that of the last by xor alone: by
        bit_xor over rows, two that change it alike, or exchange it, would look unchanged. -#}
    cast(hash(hash({{ columns | join(', ') }})) >> 1 as bigint)
{%- endmacro %}

{% macro bigquery__row_fingerprint(columns) -%}
    farm_fingerprint(to_json_string(struct(
        {%- for column in columns %}{{ column }} as value_{{ loop.index }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )))
{%- endmacro %}


{#- A property's value as conditions compare it: 19.90 and 19.9 are one, and so are TRUE and
    true. A number with a zero before it (0042) is a text; null for null. -#}
{% macro comparable_value(text) %}
    {{- return(adapter.dispatch('comparable_value')(text)) -}}
{% endmacro %}

{% macro duckdb__comparable_value(text) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace({{ text }}, '{{ number_with_zeros() }}', '\1\2'), '(?i)^true$', 'true'
        ),
        '(?i)^false$', 'false'
    )
{%- endmacro %}

{% macro bigquery__comparable_value(text) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace({{ text }}, r'{{ number_with_zeros() }}', r'\1\2'),
            r'(?i)^true$', 'true'
        ),
        r'(?i)^false$', 'false'
    )
{%- endmacro %}

{#- The pattern of a decimal number that ends in zeros: what stays is in its two groups. -#}
{% macro number_with_zeros() -%}
    ^(-?(?:0|[1-9][0-9]*))(?:[.]0+|([.][0-9]*[1-9])0+)$
{%- endmacro %}


{#- How many letters must be added, left out or exchanged to make one text of the other. For hints
    alone: DuckDB counts bytes, so that a letter beyond ASCII is two to four. -#}
{% macro letters_apart(text, other) %}
    {{- return(adapter.dispatch('letters_apart')(text, other)) -}}
{% endmacro %}

{% macro duckdb__letters_apart(text, other) -%}
    levenshtein({{ text }}, {{ other }})
{%- endmacro %}

{% macro bigquery__letters_apart(text, other) -%}
    edit_distance({{ text }}, {{ other }})
{%- endmacro %}
