-- In every model of attribution, and no conversion is missing in one of them.
with

attribution_models as (
    {{ rows_of_attribution_models() }}
),

credited as (
    select
        conversion_id,
        attribution_model,
        sum(credit) as credit,
        min(credit) as least_credit,
        sum(attributed_value) as attributed_value
    from {{ ref('attribution') }}
    group by conversion_id, attribution_model
),

asked as (
    select
        conversions.conversion_id,
        conversions.value,
        attribution_models.attribution_model
    from {{ ref('conversions_mart') }} as conversions
    cross join attribution_models
)

select
    asked.conversion_id as conversion_id_asked,
    credited.conversion_id as conversion_id_credited,
    credited.credit,
    credited.least_credit,
    asked.value,
    credited.attributed_value,
    coalesce(asked.attribution_model, credited.attribution_model) as attribution_model
from asked
full outer join credited
    on
        asked.conversion_id = credited.conversion_id
        and asked.attribution_model = credited.attribution_model
where
    asked.conversion_id is null
    or credited.conversion_id is null
    or credited.credit <> 1
    or credited.least_credit < 0
    or asked.value is distinct from credited.attributed_value
