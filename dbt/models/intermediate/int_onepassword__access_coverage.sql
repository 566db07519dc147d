{#- From the baseline until the audit log was last loaded, or fell silent unexplained: in between the two say who had no access. -#}
with silences as (
  select {{ onepassword_day_start('min(coverage.day)') }} as since
  from {{ ref('onepassword__daily_coverage') }} as coverage
  cross join {{ ref('int_onepassword__settings') }} as settings
  where coverage.stream = 'audit_events'
    and (coverage.is_gap or coverage.is_unexplained)
    and coverage.day >= {{ onepassword_to_date('settings.access_covered_from') }}
),

loads as (
  select
    case
      when syncs.last_success_at > coalesce(streams.last_loaded_at, streams.last_event_at) then syncs.last_success_at
      else coalesce(streams.last_loaded_at, streams.last_event_at)
    end as last_at
  from {{ ref('onepassword__data_coverage') }} as streams
  left join {{ ref('int_onepassword__last_syncs') }} as syncs on streams.stream = syncs.stream
  where streams.stream = 'audit_events'
)

select
  settings.access_covered_from,
  case when silences.since < loads.last_at then silences.since else loads.last_at end as access_covered_to
from {{ ref('int_onepassword__settings') }} as settings
cross join silences
cross join loads
