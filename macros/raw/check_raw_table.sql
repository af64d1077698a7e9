{#- Stops the run with a message that says where and what to do when a raw table cannot be
    built from; gives its row count, 0 for an optional table that is absent. -#}
{% macro check_raw_table(declaration) %}
    {%- set table = declaration.name -%}
    {%- set relation = raw_relation(table) -%}
    {%- set is_required = declaration.meta.get('required') and not open_exports() -%}

    {%- if not relation and is_required -%}
        {{ exceptions.raise_compiler_error(
            "No raw " ~ table ~ " found: " ~ raw_place(table) ~ " does not exist or holds no "
            ~ table ~ ", and there is no export of a tracker. Point to your raw tables or "
            ~ "your tracker's export, or " ~ demo_command() ~ "."
        ) }}
    {%- elif not relation -%}
        {{ return(0) }}
    {%- endif -%}

    {%- do check_raw_files(table) -%}
    {%- set delivered = raw_columns(relation) -%}
    {%- set missing = [] -%}
    {%- for name, column in declaration.columns.items() -%}
        {%- if column.meta.get('required') and name not in delivered -%}
            {%- do missing.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if missing -%}
        {{ exceptions.raise_compiler_error(
            "The raw table " ~ table ~ " lacks the column " ~ missing | join(', ')
            ~ ". Add it in " ~ raw_place(table) ~ "; the columns found are "
            ~ delivered.keys() | join(', ') ~ "."
        ) }}
    {%- endif -%}

    {%- set row_count = run_query('select count(*) from ' ~ relation).rows[0][0] -%}
    {%- if row_count == 0 and is_required -%}
        {{ exceptions.raise_compiler_error(
            "The raw table " ~ table ~ " is empty: " ~ raw_place(table)
            ~ " holds no row. A warehouse without events would replace the last one, "
            ~ "so the run stops; check the export that fills it."
        ) }}
    {%- endif -%}
    {{ return(row_count) }}
{% endmacro %}
