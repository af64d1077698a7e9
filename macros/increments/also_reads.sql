{#- Tells dbt of a model that is read in some runs only, so that it is built before. -#}
{% macro also_reads(model_name) %}
    {%- if not execute -%} {%- do ref(model_name) -%} {%- endif -%}
{% endmacro %}
