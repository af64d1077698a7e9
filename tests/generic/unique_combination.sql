{#- No key of several columns is repeated: selects each repeated key with its count.
    Nulls are alike, as in `group by`. -#}
{% test unique_combination(model, columns) %}

select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
group by
    {{ columns | join(',\n    ') }}
having count(*) > 1

{% endtest %}
