{{ config(
    alias='conversions',
    partition_by=partitioned_by_day('conversion_date'),
    cluster_by=['conversion_name']
) }}

with

conversions as (
    select * from {{ ref('int_conversions_gathered') }}
),

dated as (
    select
        conversion_id,
        conversion_name,
        person_id,
        session_id,
        order_id,
        currency,
        amount,
        value,
        {{ reporting_date('converted_at') }} as conversion_date,
        converted_at
    from conversions
)

select * from dated
