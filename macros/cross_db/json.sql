{#- True where the text is a JSON object; false where it is anything else; null for null.
    DuckDB also takes NaN, Infinity and a comma before a bracket, which are no JSON: where it
    looks as if there were one, the text is looked at again without its strings. (A `case`,
    since DuckDB works out both sides of an `and` for every row, but a branch only where it
    is taken: half the time.) -#}
{% macro is_json_object(text) %}
    {{- return(adapter.dispatch('is_json_object')(text)) -}}
{% endmacro %}

{% macro duckdb__is_json_object(text) -%}
    {%- set no_json = "'(?i),[[:space:]]*[]}]|[:,[][[:space:]]*-?(nan|inf)'" -%}
    case
        when
            not json_valid({{ text }})
            or not regexp_matches({{ text }}, '^[ \t\r\n]*[{]')
            then false
        when regexp_matches({{ text }}, {{ no_json }})
            then not regexp_matches(
                regexp_replace({{ text }}, '"(?:[^"\\]|\\.)*"', '', 'g'), {{ no_json }}
            )
        when {{ text }} is not null then true
    end
{%- endmacro %}

{% macro bigquery__is_json_object(text) -%}
    case
        when {{ text }} is not null
            then
                coalesce(
                    json_type(safe.parse_json({{ text }}, wide_number_mode => 'round'))
                    = 'object',
                    false
                )
    end
{%- endmacro %}


{#- A scalar of a JSON object as text; null where the key is absent, or holds null, an empty
    text, an object or an array. `key` is a plain name, not a path. -#}
{% macro json_property(json, key) %}
    {{- return(nested_json_property(json, [key])) -}}
{% endmacro %}


{#- The same for a key within others: `keys` leads to it, a list of plain names. -#}
{% macro nested_json_property(json, keys) %}
    {{- return(adapter.dispatch('nested_json_property')(json, keys)) -}}
{% endmacro %}

{#- Most events lack most keys: looking for the name first is cheaper than parsing. -#}
{% macro duckdb__nested_json_property(json, keys) -%}
    {%- set path = '$."' ~ keys | join('"."') ~ '"' -%}
    case
        when
            contains({{ json }}, '"{{ keys | last }}"')
            and json_type({{ json }}, '{{ path }}') not in ('OBJECT', 'ARRAY')
            then nullif(json_extract_string({{ json }}, '{{ path }}'), '')
    end
{%- endmacro %}

{#- Parsed first: of JSON as text, json_value gives numbers as they were written (10.50), and
    not the character of an escaped pair. -#}
{% macro bigquery__nested_json_property(json, keys) -%}
    nullif(
        json_value(
            parse_json({{ json }}, wide_number_mode => 'round'), '$."{{ keys | join('"."') }}"'
        ), ''
    )
{%- endmacro %}


{#- The same for a key that is known by row, such as one named in a definition. One that the
    object does not have leads into it, `product.id` to the id in product. -#}
{% macro json_property_of_row(json, key) %}
    {{- return(adapter.dispatch('json_property_of_row')(json, key)) -}}
{% endmacro %}

{% macro duckdb__json_property_of_row(json, key) -%}
    case
        when {{ json_type_of_row(json, key) }} not in ('OBJECT', 'ARRAY')
            then nullif(json_extract_string({{ json }}, {{ json_pointer(json, key) }}), '')
    end
{%- endmacro %}

{#- A JSON pointer takes any name, where a path trips over quotes and an asterisk. -#}
{% macro json_pointer(json, key) -%}
    {%- set pointer = "'/' || replace(replace(" ~ key ~ ", '~', '~0'), '/', '~1')" -%}
    case
        when contains({{ key }}, '.') and json_type({{ json }}, {{ pointer }}) is null
            then replace({{ pointer }}, '.', '/')
        else {{ pointer }}
    end
{%- endmacro %}

{% macro json_type_of_row(json, key) -%}
    json_type({{ json }}, {{ json_pointer(json, key) }})
{%- endmacro %}

{% macro bigquery__json_property_of_row(json, key) -%}
    nullif(json_value({{ json_value_of_row(json, key) }}), '')
{%- endmacro %}

{#- Up to three names deep. -#}
{% macro json_value_of_row(json, key) -%}
    {%- set parsed = "parse_json(" ~ json ~ ", wide_number_mode => 'round')" -%}
    {%- set names = [] -%}
    {%- for place in range(3) -%}
        {%- do names.append("[split(" ~ key ~ ", '.')[safe_offset(" ~ place ~ ")]]") -%}
    {%- endfor -%}
    case
        when {{ key }} not like '%.%' or {{ parsed }}[{{ key }}] is not null
            then {{ parsed }}[{{ key }}]
        when array_length(split({{ key }}, '.')) = 2
            then {{ parsed }}{{ names[0] }}{{ names[1] }}
        else {{ parsed }}{{ names | join }}
    end
{%- endmacro %}


{#- True where a key that is known by row holds a list, of which an element is a value, both
    written as comparable_value writes them; else false. -#}
{% macro json_list_has(json, key, value) %}
    {{- return(adapter.dispatch('json_list_has')(json, key, value)) -}}
{% endmacro %}

{% macro duckdb__json_list_has(json, key, value) -%}
    case
        when {{ json_type_of_row(json, key) }} = 'ARRAY'
            then coalesce(list_contains(
                list_transform(
                    from_json(
                        json_extract({{ json }}, {{ json_pointer(json, key) }}), '["varchar"]'
                    ),
                    lambda one: {{ comparable_value('one') }}
                ),
                {{ value }}
            ), false)
        else false
    end
{%- endmacro %}

{% macro bigquery__json_list_has(json, key, value) -%}
    exists(
        select 1
        from unnest(json_value_array(
            case
                when json_type({{ json_value_of_row(json, key) }}) = 'array'
                    then {{ json_value_of_row(json, key) }}
            end
        )) as one
        where {{ comparable_value('one') }} = {{ value }}
    )
{%- endmacro %}


{#- A JSON object of text columns, nulls included, as text. `columns` maps key to SQL. -#}
{% macro json_object_text(columns) %}
    {{- return(adapter.dispatch('json_object_text')(columns)) -}}
{% endmacro %}

{% macro duckdb__json_object_text(columns) -%}
    cast(to_json({
        {%- for key, sql in columns.items() %}'{{ key }}': {{ sql }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    }) as varchar)
{%- endmacro %}

{% macro bigquery__json_object_text(columns) -%}
    to_json_string(struct(
        {%- for key, sql in columns.items() %}{{ sql }} as {{ key }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    ))
{%- endmacro %}


{#- A whole select: which keys occur in the properties of events, nested ones too, by the
    event's name; also what looks like a key inside a text, so it is for hints alone. -#}
{% macro property_keys(events) %}
    {{- return(adapter.dispatch('property_keys')(events)) -}}
{% endmacro %}

{% macro duckdb__property_keys(events) -%}
    select distinct
        normalized_event_name,
        unnest(regexp_extract_all(properties, '"([^"\\]+)"\s*:', 1)) as property_name
    from {{ events }}
{%- endmacro %}

{% macro bigquery__property_keys(events) -%}
    select distinct
        events.normalized_event_name,
        property_name
    from {{ events }} as events
    cross join unnest(regexp_extract_all(events.properties, r'"([^"\\]+)"\s*:')) as property_name
{%- endmacro %}


{#- The elements of the first of some keys of a JSON object that holds a list, as a list of
    texts; of a text that says one, too, as warehouses keep lists. Empty or null where there is
    none. -#}
{% macro json_objects(json, keys) %}
    {{- return(adapter.dispatch('json_objects')(json, keys)) -}}
{% endmacro %}

{#- Of a list, json_extract_string gives its text. -#}
{% macro duckdb__json_objects(json, keys) -%}
    {%- set lists = [] -%}
    {%- for key in keys -%}
        {%- set text = "json_extract_string(" ~ json ~ ", '$.\"" ~ key ~ "\"')" -%}
        {%- do lists.append(
            "case when contains(" ~ json ~ ", '\"" ~ key ~ "\"') and json_valid(" ~ text
            ~ ") then nullif(cast(json_extract(" ~ text ~ ", '$[*]') as varchar[]), []) end"
        ) -%}
    {%- endfor -%}
    coalesce({{ lists | join(', ') }})
{%- endmacro %}

{% macro bigquery__json_objects(json, keys) -%}
    case
        {%- for key in keys %}
        {%- set path = "'$.\"" ~ key ~ "\"'" %}
        {%- set text = 'coalesce(json_value(' ~ json ~ ', ' ~ path ~ '), cast(json_query('
            ~ json ~ ', ' ~ path ~ ') as string))' %}
        {%- set list %}
            json_query_array(
                case
                    when
                        json_type(safe.parse_json({{ text }}, wide_number_mode => 'round'))
                        = 'array'
                        then {{ text }}
                end
            )
        {%- endset %}
        when array_length({{ list }}) > 0 then {{ list }}
        {%- endfor %}
    end
{%- endmacro %}


{#- True where a list holds nothing, or is null. -#}
{% macro is_without_elements(list) -%}
    coalesce(array_length({{ list }}), 0) = 0
{%- endmacro %}


{#- A whole select: a row for each element of a list that rows have, with its number from one;
    rows without an element are left out. -#}
{% macro rows_of_lists(rows, list, element, number) %}
    {{- return(adapter.dispatch('rows_of_lists')(rows, list, element, number)) -}}
{% endmacro %}

{% macro duckdb__rows_of_lists(rows, list, element, number) -%}
    select
        *,
        unnest({{ list }}) as {{ element }},
        cast(generate_subscripts({{ list }}, 1) as bigint) as {{ number }}
    from {{ rows }}
{%- endmacro %}

{% macro bigquery__rows_of_lists(rows, list, element, number) -%}
    select
        rows_with_lists.*,
        {{ element }},
        place + 1 as {{ number }}
    from {{ rows }} as rows_with_lists
    cross join unnest(rows_with_lists.{{ list }}) as {{ element }} with offset as place
{%- endmacro %}
