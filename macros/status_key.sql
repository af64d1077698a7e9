{#- A status as it is compared: in lower case, trimmed, and with a blank for each underscore
    and hyphen; an empty one is null. -#}
{% macro status_key(status) -%}
    nullif(
        replace(replace(lower({{ trimmed(status) }}), '_', ' '), '-', ' '), ''
    )
{%- endmacro %}
