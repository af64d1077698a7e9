-- A person's result in a funnel is one attempt.
select
    funnel_name,
    person_id,
    count(case when is_best then 1 end) as best_attempt_count
from {{ ref('funnel_attempts') }}
group by funnel_name, person_id
having count(case when is_best then 1 end) <> 1
