{#- A whole model: the inverses of the square matrices that the relation `cells` holds, as
    `matrix_name`, `row_index`, `column_index` (from 1) and `cell_value`, a row for each
    cell. By Gauss and Jordan, one row of the matrix a step: there is no loop whose end
    depends on how fast something converges. Rows are not exchanged, so each pivot has to be
    other than zero, as in one less probabilities of going on. A matrix is one array in the
    recursion, as BigQuery lets no recursive query add rows up; and it takes a recursion at
    the top of a statement only. -#}
{% macro inverted_matrices(cells) %}
    {{- return(adapter.dispatch('inverted_matrices')(cells)) -}}
{% endmacro %}

{% macro duckdb__inverted_matrices(cells) -%}
    {%- set row, column = '((place - 1) // size + 1)', '((place - 1) % size + 1)' -%}
    {%- set pivot = 'cell_values[(step - 1) * size + step]' -%}
    with recursive steps as (
        select
            matrix_name,
            max(row_index) as size,
            cast(1 as bigint) as step,
            array_agg(cast(cell_value as double) order by row_index, column_index) as cell_values
        from {{ cells }}
        group by matrix_name
        union all
        select
            matrix_name,
            size,
            step + 1 as step,
            list_transform(generate_series(1, size * size), lambda place:
                case
                    when {{ row }} = step and {{ column }} = step then 1 / {{ pivot }}
                    when {{ row }} = step then cell_values[place] / {{ pivot }}
                    when {{ column }} = step then -cell_values[place] / {{ pivot }}
                    else
                        cell_values[place] - cell_values[({{ row }} - 1) * size + step]
                        * cell_values[(step - 1) * size + {{ column }}] / {{ pivot }}
                end
            ) as cell_values
        from steps
        where step <= size
    ),

    places as (
        select
            matrix_name,
            size,
            unnest(cell_values) as cell_value,
            generate_subscripts(cell_values, 1) as place
        from steps
        where step = size + 1
    )

    select
        matrix_name,
        {{ row }} as row_index,
        {{ column }} as column_index,
        cell_value
    from places
{%- endmacro %}

{#- By `ordinal`, since the emulator counts a computed `offset` from one. -#}
{% macro bigquery__inverted_matrices(cells) -%}
    {%- set row, column = '(div(place, size) + 1)', '(mod(place, size) + 1)' -%}
    {%- set pivot = 'cell_values[ordinal((step - 1) * size + step)]' -%}
    with recursive steps as (
        select
            matrix_name,
            max(row_index) as size,
            1 as step,
            array_agg(cell_value order by row_index, column_index) as cell_values
        from {{ cells }}
        group by matrix_name
        union all
        select
            matrix_name,
            size,
            step + 1 as step,
            array(
                select
                    case
                        when {{ row }} = step and {{ column }} = step then 1 / {{ pivot }}
                        when {{ row }} = step then cell / {{ pivot }}
                        when {{ column }} = step then -cell / {{ pivot }}
                        else
                            cell - cell_values[ordinal(({{ row }} - 1) * size + step)]
                            * cell_values[ordinal((step - 1) * size + {{ column }})]
                            / {{ pivot }}
                    end
                from unnest(cell_values) as cell with offset as place
                order by place
            ) as cell_values
        from steps
        where step <= size
    )

    select
        matrix_name,
        {{ row }} as row_index,
        {{ column }} as column_index,
        cell as cell_value
    from steps
    cross join unnest(cell_values) as cell with offset as place
    where step = size + 1
{%- endmacro %}
