{#- What a definition calls a property: the column of the event of that name, where it holds
    a value, else the key of its properties; null where neither does. -#}
{% macro event_attribute(events, name) -%}
    coalesce(
        case {{ name }}
            {%- for column in [
                'platform', 'country', 'language', 'device_category', 'os', 'browser',
                'app_version', 'page', 'element'
            ] %}
                when '{{ column }}' then {{ events }}.{{ column }}
            {%- endfor %}
        end,
        {{ json_property_of_row(events ~ '.properties', name) }}
    )
{%- endmacro %}
