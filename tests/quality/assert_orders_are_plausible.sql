-- Nothing of this is left out of a sum, so whoever reads the sums is told.
{{ config(severity='warn', meta={'explain': 'problem'}) }}

with

orders as (
    select * from {{ ref('orders') }}
),

judged as (
    select
        order_id,
        currency,
        total_amount as amount,
        'name no user and match no session, so nobody and no channel gets them'
            as what,
        'hand in user_id, or an event with the order_id' as advice
    from orders
    where counts_as_sale and person_id is null
    union all
    select
        order_id,
        currency,
        total_amount as amount,
        'have a total_amount below zero, which lowers every sum' as what,
        'hand in a refund instead, or mend the amount' as advice
    from orders
    where counts_as_sale and total_amount < 0
    union all
    select
        order_id,
        currency,
        total_amount as amount,
        'have a total_amount of zero: they count as orders and bring nothing' as what,
        'leave them, or give them a status that counts as no sale' as advice
    from orders
    where counts_as_sale and total_amount = 0
    union all
    select
        order_id,
        currency,
        total_amount as amount,
        'have no total_amount that is a number: they count as orders without a value'
            as what,
        'hand in the amount' as advice
    from orders
    where counts_as_sale and total_amount is null
    union all
    select
        order_id,
        currency,
        refunded_amount - total_amount as amount,
        'were refunded more than they charged; what is too much lowers every sum'
            as what,
        'look for a refund that came twice, or in another currency' as advice
    from orders
    where counts_as_sale and total_amount >= 0 and refunded_amount > total_amount
),

counted as (
    select
        what,
        advice,
        currency,
        count(*) as order_count,
        coalesce(sum(amount), 0) as amount,
        min(order_id) as example
    from judged
    group by what, advice, currency
)

select
    what,
    order_count,
    concat(
        cast(order_count as string), ' orders of ', cast(amount as string), ' ',
        coalesce(currency, '(no currency)'), ' in all, such as ', example, ', ', what,
        '; ', advice, '.'
    ) as problem
from counted
