{{ config(severity='warn', meta={'explain': 'problem'}) }}

with

counted as (
    select
        raw_table,
        named_table,
        count(*) as row_count,
        count(distinct named_id) as id_count,
        min(named_id) as example,
        sum(amount) as amount
    from {{ ref('int_orphans_gathered') }}
    group by raw_table, named_table
)

select
    raw_table,
    named_table,
    row_count,
    amount,
    concat(
        'The raw table ', raw_table, ' has ', cast(row_count as string),
        ' rows',
        case
            when amount is null then ''
            else concat(' of ', cast(amount as string), ' in all')
        end,
        ' that name ', cast(id_count as string), ' ids which ', named_table,
        ' does not have, such as ', example, '. ',
        case
            when named_table = 'products'
                then 'They are counted under the product (unknown)'
            else 'No sum counts them, since nobody knows whether the order was a sale'
        end,
        '; look for rows that ', named_table, ' lacks, or for ids written otherwise.'
    ) as problem
from counted
