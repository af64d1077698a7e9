{#- After a run, in the last lines, which are what people read: what stopped it, what the
    failing tests found, and which raw files were not read. A test on a definition selects a
    column `problem`, a sentence that names the file and the row and says what to do. -#}
{% macro explain_failures(results) %}
    {%- if execute and flags.WHICH in ('build', 'run', 'test') -%}
        {%- for result in results
            if result.node.resource_type == 'test' and result.status in ('fail', 'warn') -%}
            {%- set column = result.node.config.meta.get('explain') -%}
            {%- set found = run_query(result.node.compiled_code) if column -%}
            {%- if found and column in found.column_names -%}
                {%- do log(result.status | upper ~ ' ' ~ result.node.name ~ ':', info=true) -%}
                {%- for row in found.rows[:30] -%}
                    {%- do log('  ' ~ row[column], info=true) -%}
                {%- endfor -%}
                {%- if found.rows | length > 30 -%}
                    {%- do log('  and ' ~ (found.rows | length - 30) ~ ' more', info=true) -%}
                {%- endif -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if flags.WHICH in ('build', 'run') -%} {%- do warn_of_other_files() -%} {%- endif -%}
        {%- for result in results if result.status == 'error' and result.message -%}
            {%- do log(
                'STOPPED at ' ~ result.node.name ~ ': ' ~ result.message.strip(), info=true
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
