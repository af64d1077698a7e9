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


{#- The text with every match of the pattern replaced. -#}
{% macro regexp_replaced(text, pattern, replacement) %}
    {{- return(adapter.dispatch('regexp_replaced')(text, pattern, replacement)) -}}
{% endmacro %}

{% macro duckdb__regexp_replaced(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro bigquery__regexp_replaced(text, pattern, replacement) -%}
    regexp_replace({{ text }}, r'{{ pattern }}', r'{{ replacement }}')
{%- endmacro %}


{#- A percent-encoded text decoded; a plus is a space, as in a query, or a plus, as in a
    path. What is no encoding of UTF-8 stays as it is. -#}
{% macro percent_decoded(text, is_plus_a_space=true) %}
    {{- return(adapter.dispatch('percent_decoded')(
        "replace(" ~ text ~ ", '+', ' ')" if is_plus_a_space else text
    )) -}}
{% endmacro %}

{% macro duckdb__percent_decoded(text) -%}
    array_to_string(
        list_transform(
            regexp_extract_all({{ text }}, '{{ percent_encoded_parts() }}'),
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
                regexp_extract_all({{ text }}, r'{{ percent_encoded_parts() }}')
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
    but surely another for others. -#}
{% macro row_fingerprint(columns) %}
    {{- return(adapter.dispatch('row_fingerprint')(columns)) -}}
{% endmacro %}

{% macro duckdb__row_fingerprint(columns) -%}
    cast(hash({{ columns | join(', ') }}) >> 1 as bigint)
{%- endmacro %}

{% macro bigquery__row_fingerprint(columns) -%}
    farm_fingerprint(to_json_string(struct(
        {%- for column in columns %}{{ column }} as value_{{ loop.index }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )))
{%- endmacro %}


{#- A whole number of 60 bits that stands for a text: the same on every engine, and for two
    texts of a thousand million all but surely another. For keys that are joined by. -#}
{% macro hashed_number(text) %}
    {{- return(adapter.dispatch('hashed_number')(text)) -}}
{% endmacro %}

{% macro duckdb__hashed_number(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 15) as bigint)
{%- endmacro %}

{% macro bigquery__hashed_number(text) -%}
    cast(concat('0x', substr(to_hex(md5({{ text }})), 1, 15)) as int64)
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


{#- A text that is known when the query is written, as a SQL literal. -#}
{% macro text_literal(text) %}
    {{- return(adapter.dispatch('text_literal')(text)) -}}
{% endmacro %}

{% macro duckdb__text_literal(text) -%} '{{ text | replace("'", "''") }}' {%- endmacro %}

{% macro bigquery__text_literal(text) -%}
    '{{ text | replace("\\", "\\\\") | replace("'", "\\'") }}'
{%- endmacro %}


{#- An id as it is joined by: without white space at its ends, a whole number that a
    pipeline made a float as that number (41.0, 4.1E1), null where it is one of the
    `ignored` texts, which stand in lower case. -#}
{% macro clean_id(text, ignored=[]) %}
    {{- return(adapter.dispatch('clean_id')(text, ignored)) -}}
{% endmacro %}

{#- Most ids begin and end with a visible character of ASCII and hold no point, or end in a
    letter behind one: those need no regular expression. -#}
{% macro duckdb__clean_id(text, ignored=[]) -%}
    case
        when
            {{ text }} > '!'
            and {{ text }} < '~'
            and {{ text }}[-1] > '!'
            and {{ text }}[-1] < '~'
            and (not contains({{ text }}, '.') or {{ text }}[-1] > '9')
            then {{ unless_ignored(text, ignored) }}
        else {{ unless_ignored(without_float(trimmed(text)), ignored) }}
    end
{%- endmacro %}

{% macro bigquery__clean_id(text, ignored=[]) -%}
    {{ unless_ignored(without_float(trimmed(text)), ignored) }}
{%- endmacro %}

{#- A text that is none of the `ignored` ones, which stand in lower case, and not empty. -#}
{% macro unless_ignored(text, ignored) %}
    {%- set refused = [text_literal('')] -%}
    {%- for value in ignored -%} {%- do refused.append(text_literal(value)) -%} {%- endfor -%}
    {{- return(adapter.dispatch('unless_ignored')(text, refused | join(', '))) -}}
{% endmacro %}

{#- By a list and not by `in`, which DuckDB would join for every row, wherever it stands. -#}
{% macro duckdb__unless_ignored(text, refused) -%}
    case when not list_contains([{{ refused }}], lower({{ text }})) then {{ text }} end
{%- endmacro %}

{% macro bigquery__unless_ignored(text, refused) -%}
    case when lower({{ text }}) not in ({{ refused }}) then {{ text }} end
{%- endmacro %}


{#- A whole number that a pipeline made a float, as that number; any other text as it is.
    1e3 stays: without a point it may be an id of hexadecimal digits, and from 2^53 on a
    float no longer tells which number it was. -#}
{% macro without_float(text) %}
    {{- return(adapter.dispatch('without_float')(text)) -}}
{% endmacro %}

{% macro duckdb__without_float(text) -%}
    case
        when regexp_matches({{ text }}, '{{ exponent_pattern() }}')
            and try_cast({{ text }} as double) < 9007199254740992
            and trunc(try_cast({{ text }} as double)) = try_cast({{ text }} as double)
            then cast(try_cast(try_cast({{ text }} as double) as bigint) as varchar)
        else regexp_replace({{ text }}, '^([+-]?[0-9]+)[.]0*$', '\1')
    end
{%- endmacro %}

{% macro bigquery__without_float(text) -%}
    case
        when regexp_contains({{ text }}, r'{{ exponent_pattern() }}')
            and safe_cast({{ text }} as float64) < 9007199254740992
            and trunc(safe_cast({{ text }} as float64)) = safe_cast({{ text }} as float64)
            then cast(cast(safe_cast({{ text }} as float64) as int64) as string)
        else regexp_replace({{ text }}, r'^([+-]?[0-9]+)[.]0*$', r'\1')
    end
{%- endmacro %}

{#- The same for what a JSON text holds as an id, where an engine writes no exponents. -#}
{% macro json_id(json, key) %}
    {{- return(adapter.dispatch('json_id')(json, key)) -}}
{% endmacro %}

{% macro duckdb__json_id(json, key) -%}
    regexp_replace(
        {{ trimmed(json_property(json, key)) }}, '^([+-]?[0-9]+)[.]0*$', '\1'
    )
{%- endmacro %}

{% macro bigquery__json_id(json, key) -%}
    regexp_replace(
        {{ trimmed(json_property(json, key)) }}, r'^([+-]?[0-9]+)[.]0*$', r'\1'
    )
{%- endmacro %}

{% macro exponent_pattern() -%}
    ^[0-9][.][0-9]+[eE][+]?[0-9]{1,2}$
{%- endmacro %}


{#- True where one text stands somewhere in another; null where either is null. -#}
{% macro contains_text(text, part) %}
    {{- return(adapter.dispatch('contains_text')(text, part)) -}}
{% endmacro %}

{% macro duckdb__contains_text(text, part) -%}
    contains({{ text }}, {{ part }})
{%- endmacro %}

{% macro bigquery__contains_text(text, part) -%}
    strpos({{ text }}, {{ part }}) > 0
{%- endmacro %}
