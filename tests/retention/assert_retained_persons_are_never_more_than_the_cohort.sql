-- Nobody returns who did not start, and everybody is there in period 0.
select
    retention_name,
    cohort_start,
    period_number,
    cohort_size,
    retained_count
from {{ ref('retention_cohorts') }}
where
    retained_count > cohort_size
    or retained_count < 0
    or (period_number = 0 and retained_count <> cohort_size)
