{#- What an address says behind `?` and `#`, ready for address_parameter: each parameter
    between two `&` of its own, `&amp;` and a second `?` read as what was meant, and without
    the values that say nothing. Null where it holds neither campaign data nor a click id,
    as most addresses do. -#}
{% macro address_parameters(url) -%}
    {%- set written = regexp_group(url, '[?#](.*)$') -%}
    {%- set separated = regexp_replaced(written, '(?i)&(?:amp;)+|[?#&]', '&&') -%}
    {%- set named = regexp_replaced(
        "concat('&', " ~ separated ~ ", '&')", '(?i)&utm%5f', '&utm_'
    ) -%}
    case
        when {{ regexp_found(
            url, "'(?i)[?#&;](?:utm(?:_|%5f)[a-z]|" ~ paid_click_ids() ~ '|' ~ free_click_ids() ~ ")'"
        ) }}
            then {{ regexp_replaced(
                named,
                '(?i)=(?:%20|[+ ])*(?:' ~ words_of_nothing() ~ ')?(?:%20|[+ ])*&',
                '=&'
            ) }}
    end
{%- endmacro %}


{#- One of the parameters, decoded and trimmed; null where it is absent or blank. Of several
    of one name the first that is not empty. `name` is a pattern without groups. -#}
{% macro address_parameter(parameters, name) -%}
    case
        when {{ parameters }} is not null
            then nullif({{ trimmed(percent_decoded(
                regexp_group(parameters, '(?i)&(?:' ~ name ~ ')=([^&]+)')
            )) }}, '')
    end
{%- endmacro %}


{#- Which click id the parameters hold, by name; one of a paid click before others. -#}
{% macro click_id_name(parameters) -%}
    case
        when {{ parameters }} is not null
            then lower(coalesce(
                {{ regexp_group(parameters, '(?i)&(' ~ paid_click_ids() ~ ')=[^&]') }},
                {{ regexp_group(parameters, '(?i)&(' ~ free_click_ids() ~ ')=[^&]') }}
            ))
    end
{%- endmacro %}


{#- Which click id a tracker's value is: by its name where the value has one in front
    (`gclid=…`), else by its looks; null where neither tells. -#}
{% macro click_id_name_of_value(value) -%}
    case
        when {{ value }} is null then null
        when {{ regexp_found(
            value, "'(?i)^(?:" ~ paid_click_ids() ~ '|' ~ free_click_ids() ~ ")[=:]'"
        ) }}
            then lower({{ regexp_group(value, '^([a-zA-Z_]+)[=:]') }})
        when {{ regexp_found(value, "'^Iw[A-Z]'") }} then 'fbclid'
        when {{ regexp_found(value, "'^(?:EAIaIQ|Cj|C[A-P][a-zA-Z0-9_-]{20})'") }}
            then 'gclid'
        when {{ regexp_found(value, "'^0AAAA'") }} then 'gbraid'
        when {{ regexp_found(value, "'^[0-9a-f]{32}$'") }} then 'msclkid'
        when {{ regexp_found(value, "'^E[.]C[.]P[.]'") }} then 'ttclid'
    end
{%- endmacro %}


{#- The names of click ids that an ad platform adds to paid clicks; the reference
    click_ids.csv says whose they are. What is read of an address is stored, so a name that
    is added here is found in old events after `dbt build --full-refresh`. -#}
{% macro paid_click_ids() -%}
    gclid|gbraid|wbraid|dclid|msclkid|ttclid|twclid|li_fat_id|yclid|ymclid|sccid|rdt_cid|epik|qclid|dicbo|tblci|n_ad
{%- endmacro %}


{#- The names of those that are added to every click, an ad's or not. -#}
{% macro free_click_ids() -%}
    fbclid|igshid|igsh
{%- endmacro %}


{#- What a tracker says of a source, unless it is a word that says nothing. -#}
{% macro told(column) -%}
    case
        when not {{ matches_whole(
            'lower(' ~ trimmed(column) ~ ')',
            "'" ~ words_of_nothing() ~ "|[(](?:direct|none|not set|data deleted)[)]'"
        ) }}
            then nullif({{ trimmed(column) }}, '')
    end
{%- endmacro %}


{#- The words, as a pattern, by which a script writes that a value is missing; percent-encoded
    or not. -#}
{% macro words_of_nothing() -%}
    undefined|null|none|nil|nan|(?:%5b|[[])object(?:%20|[+ ])object(?:%5d|[]])
{%- endmacro %}
