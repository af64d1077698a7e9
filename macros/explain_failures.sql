{#- After a run: what the failing tests found, in words. A test on a definition selects a
    column `problem`, a sentence that names the file and the row and says what to do. -#}
{% macro explain_failures(results) %}
    {%- if execute and flags.WHICH in ('build', 'test') -%}
        {%- for result in results
            if result.node.resource_type == 'test' and result.status in ('fail', 'warn') -%}
            {%- set columns = result.node.config.meta.get('explain') -%}
            {%- if columns -%}
                {%- set found = run_query(result.node.compiled_code) -%}
                {%- for row in found.rows[:10] -%}
                    {%- do log('  ' ~ row[columns], info=true) -%}
                {%- endfor -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
