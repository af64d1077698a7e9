{#- A whole select: of the rows of a CTE, for each key the one that changed last; a row
    without updated_at is older than any with one. The same row may come in two files: rows
    that are alike are one. Rows that differ and are as new all stay, and a test on the key
    finds them. -#}
{% macro latest_rows(rows, key) -%}
    select * from (
        select
            *,
            rank() over (
                partition by {{ key }}
                order by
                    case when updated_at is null then 1 else 0 end asc,
                    updated_at desc
            ) as recency
        from (select distinct * from {{ rows }}) as different_rows
    ) as ranked_rows
    where recency = 1
{%- endmacro %}


{#- A currency in the spelling of ISO 4217: `eur` is EUR. -#}
{% macro currency_code(column) -%}
    upper({{ trimmed(column) }})
{%- endmacro %}
