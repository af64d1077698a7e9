{#- The host of an address in lower case, without `www.`, port and a dot at its end; null
    where there is none. `//host/x` and `host.com/x` name a host too; `index.html` does not,
    nor does a path. Of an Android app (android-app://com.twitter.android/) it is the package. -#}
{% macro url_host(url) -%}
    lower(
        case
            when {{ regexp_found(url, "'^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//'") }}
                then {{ regexp_group(
                    url,
                    '^[^/]*//(?:[^/?#@]*@)?(?:[wW][wW][wW][.])?([[][^/?#]+[]]|[^/?#:]+?)[.]?(?:[/?#:]|$)'
                ) }}
            when {{ names_host_without_scheme(url) }}
                then {{ regexp_group(
                    url, '^(?:[wW][wW][wW][.])?([^/?#:]+?)[.]?(?:[/?#:]|$)'
                ) }}
        end
    )
{%- endmacro %}


{#- True where an address begins with a host: labels with dots between, the last of them
    letters alone and not the ending of a file. -#}
{% macro names_host_without_scheme(url) -%}
    {{ regexp_found(url, "'^[^/?#:@ .]+(?:[.][^/?#:@ .]+)*[.][a-zA-Z]{2,}[.]?(?::[0-9]+)?(?:[/?#]|$)'") }}
    and not {{ regexp_found(
        url,
        "'(?i)^[^/?#]*[.](?:html?|xhtml|php|aspx?|jspx?|cgi|cfm|js|css|json|xml|txt|pdf|png|jpe?g|gif|svg)(?:[/?#]|$)'"
    ) }}
{%- endmacro %}


{#- The path of an address, decoded, without host, query, fragment and last slash: `/` for a
    home page, null for null. With the variable hash_routes a fragment that is a route
    (`#/cart`, `#!/cart`) stays. -#}
{% macro page_path(url) -%}
    case
        when {{ url }} is not null
            then
                coalesce(
                    nullif(rtrim({{ decoded_path(written_path(url), url) }}, '/'), ''), '/'
                )
                {%- if var('hash_routes') %}
                || case
                    when {{ regexp_found(url, "'#!?/+[^/?#]'") }}
                        then concat('#', rtrim({{ decoded_path(
                            regexp_group(url, '#(!?/[^?#]*)'), url
                        ) }}, '/'))
                    else ''
                end
                {%- endif %}
    end
{%- endmacro %}

{% macro written_path(url) -%}
    case
        when {{ names_host_without_scheme(url) }}
            then {{ regexp_group(url, '^[^/?#]*([^?#]*)') }}
        else {{ regexp_group(
            url, '^(?:(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//[^/?#]*)?([^?#]*)'
        ) }}
    end
{%- endmacro %}

{#- Whether there is anything to decode is asked of the address: to ask it of the path would
    find the path twice, in half of the time that reading an event takes. -#}
{% macro decoded_path(path, url) -%}
    case
        when {{ regexp_found(url, "'%'") }}
            then {{ percent_decoded(path, is_plus_a_space=false) }}
        else {{ path }}
    end
{%- endmacro %}


{#- True where one host is the other, its parent or one of its subdomains; null where either
    is null. -#}
{% macro is_same_site(host, other_host) -%}
    (
        {{ host }} = {{ other_host }}
        or right({{ host }}, length({{ other_host }}) + 1) = concat('.', {{ other_host }})
        or right({{ other_host }}, length({{ host }}) + 1) = concat('.', {{ host }})
    )
{%- endmacro %}


{#- A whole select: the hosts of a CTE, each with itself and its parents of at least two
    labels: `level` counts the labels that are left out. A name without a dot is itself. -#}
{% macro hosts_and_parents(hosts, host='host') -%}
    select
        hosts.{{ host }},
        levels.n as level,
        case
            when levels.n = 0 then hosts.{{ host }}
            else regexp_replace(
                hosts.{{ host }},
                concat('^(?:[^.]*[.]){', cast(levels.n as string), '}'),
                ''
            )
        end as parent
    from {{ hosts }} as hosts
    inner join ({{ whole_numbers_to(6) }}) as levels
        on
            levels.n = 0
            or {{ regexp_found(
                'hosts.' ~ host,
                "concat('^(?:[^.]*[.]){', cast(levels.n as string), '}[^.]+[.]')"
            ) }}
{%- endmacro %}
