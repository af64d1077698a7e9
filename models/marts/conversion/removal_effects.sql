{{ config(materialized='view') }}

with

effects as (
    select * from {{ ref('int_removal_effects_found') }}
),

chosen as (
    select
        conversion_name,
        channel,
        removal_effect,
        removal_share
    from effects
)

select * from chosen
