{#- The key of an event: a number made of its id, its device (else its user) and the UTC day
    of the device's clock. The length of the id and the colon keep two pairs of texts apart
    that are one text when joined. -#}
{% macro event_key(event_id, owner, device_date) -%}
    {{ hashed_number(
        "cast(length(" ~ event_id ~ ") as string) || ':' || " ~ event_id ~ " || " ~ owner
        ~ " || cast(" ~ device_date ~ " as string)"
    ) }}
{%- endmacro %}


{#- The text by which marts name a session. -#}
{% macro session_id(session_key) -%}
    cast({{ session_key }} as string)
{%- endmacro %}
