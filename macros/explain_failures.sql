{#- After a run, in the last lines, which are what people read: what stopped it, what the
    failing tests found, what was not built because of it, and which raw files were not
    read. A test selects a column `problem`, a sentence that names the file and the row and
    says what to do; of any other the first rows are shown. -#}
{% macro explain_failures(results) %}
    {%- if execute and flags.WHICH in ('build', 'run', 'test') -%}
        {%- for result in results
            if result.node.resource_type == 'test' and result.status in ('fail', 'warn') -%}
            {%- do explain_test(result) -%}
        {%- endfor -%}
        {%- if flags.WHICH in ('build', 'run') -%} {%- do warn_of_other_files() -%} {%- endif -%}
        {%- for result in results
            if result.node.name == 'raw_tables' and result.status == 'success' -%}
            {%- do warn_of_lacking_files() -%}
        {%- endfor -%}
        {%- for result in results if result.status == 'error' and result.message -%}
            {%- do log(
                'STOPPED at ' ~ result.node.name ~ ': ' ~ result.message.strip(), info=true
            ) -%}
        {%- endfor -%}
        {%- set skipped = [] -%}
        {%- for result in results
            if result.status == 'skipped' and result.node.resource_type == 'model'
            and result.node.path.startswith('marts/') -%}
            {%- do skipped.append(result.node.alias) -%}
        {%- endfor -%}
        {%- if skipped -%}
            {%- do log(
                'NOT BUILT because of the above, and as the last run left them: '
                ~ skipped | sort | join(', ') ~ '.', info=true
            ) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- What one test found. A warning is asked about again only for its sentences: on BigQuery
    that costs as much as the test. -#}
{% macro explain_test(result) %}
    {%- set column = result.node.config.meta.get('explain') -%}
    {%- set shown = 30 if column else 3 -%}
    {%- set found = run_query(result.node.compiled_code)
        if column or result.status == 'fail' -%}
    {%- if found and (not column or column in found.column_names) -%}
        {%- do log(
            result.status | upper ~ ' ' ~ result.node.name ~ (':' if column
                else ', among others with these rows (`' ~ result.node.original_file_path
                    ~ '` says what it asks for):'), info=true
        ) -%}
        {%- for row in found.rows[:shown] -%}
            {%- set values = [] -%}
            {%- for name in found.column_names if not column -%}
                {%- do values.append(name ~ ' = ' ~ row[name]) -%}
            {%- endfor -%}
            {%- do log('  ' ~ (row[column] if column else values | join(', ')), info=true) -%}
        {%- endfor -%}
        {%- if column and found.rows | length > shown -%}
            {%- do log('  and ' ~ (found.rows | length - shown) ~ ' more', info=true) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
