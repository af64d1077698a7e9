{#- The lookback of attribution, in microseconds. -#}
{% macro lookback_microseconds() -%}
    {{ (var('attribution_lookback_days') | int) * 86400000000 }}
{%- endmacro %}


{#- Whether a session came without a source, whatever the channel rules call it. -#}
{% macro is_direct(source) -%}
    {{ source }} = '(direct)'
{%- endmacro %}


{#- The models of attribution, in the order of their columns in int_touches_weighted. -#}
{% macro attribution_models() %}
    {{ return([
        'first_touch', 'last_touch', 'last_non_direct', 'linear', 'position_based',
        'time_decay', 'markov', 'shapley',
    ]) }}
{% endmacro %}


{#- A whole select: the models of attribution, a row each. -#}
{% macro rows_of_attribution_models() -%}
    {%- for name in attribution_models() -%}
        select '{{ name }}' as attribution_model
        {{- ' union all ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- Of the columns of a touch's weights, that of the model in the row. -#}
{% macro weight_of_model(model_name) -%}
    case {{ model_name }}
        {%- for name in attribution_models() %}
            when '{{ name }}' then {{ name }}_weight
        {%- endfor %}
    end
{%- endmacro %}
