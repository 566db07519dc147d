{#- By day, when the audit log last fell silent without an explanation: what happened in such a hole, no event tells. -#}
select
  coverage.day,
  max(case when coverage.is_gap or coverage.is_unexplained then {{ onepassword_day_start(onepassword_date_add('coverage.day', 1)) }} end) over (
    order by coverage.day rows between unbounded preceding and current row
  ) as hole_ended_at
from {{ ref('onepassword__daily_coverage') }} as coverage
where coverage.stream = 'audit_events'
