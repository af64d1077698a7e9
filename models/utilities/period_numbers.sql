{{ config(materialized='view') }}

{{ whole_numbers_to(1000) }}
