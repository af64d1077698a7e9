{#- The path of an address without host, query, fragment and last slash: `/` for a home
    page, null for null. -#}
{% macro page_path(url) -%}
    case
        when {{ url }} is not null
            then
                coalesce(
                    nullif(
                        rtrim(
                            {{ regexp_group(url, '^(?:[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*)?([^?#]*)') }},
                            '/'
                        ),
                        ''
                    ),
                    '/'
                )
    end
{%- endmacro %}


{#- The host of an address in lower case without `www.`; null where there is none. -#}
{% macro url_host(url) -%}
    lower({{ regexp_group(url, '^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/?#@]*@)?(?:[wW][wW][wW][.])?([^/?#:]+)') }})
{%- endmacro %}


{#- One parameter of an address's query, decoded and trimmed; null where it is absent or
    blank. Few addresses have any, so the name is looked for first. -#}
{% macro url_parameter(url, name) -%}
    case
        when {{ contains_text(url, "'" ~ name ~ "='") }}
            then nullif({{ trimmed(percent_decoded(
                regexp_group(url, '^[^#]*?[?&]' ~ name ~ '=([^&#]*)')
            )) }}, '')
    end
{%- endmacro %}
