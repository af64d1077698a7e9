{#- What a definition calls a property: a column of the event where there is one of that
    name, else a key of its properties; null where neither holds a value. -#}
{% macro event_attribute(events, name) -%}
    case {{ name }}
        {%- for column in [
            'platform', 'country', 'language', 'device_category', 'os', 'browser',
            'app_version', 'page', 'element'
        ] %}
            when '{{ column }}' then {{ events }}.{{ column }}
        {%- endfor %}
        else {{ json_property_of_row(events ~ '.properties', name) }}
    end
{%- endmacro %}
