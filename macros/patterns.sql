{#- True where the whole text matches the RE2 pattern of a definition. -#}
{% macro matches_whole(text, pattern) -%}
    {{ regexp_found(text, "'^(?:' || " ~ pattern ~ " || ')$'") }}
{%- endmacro %}
