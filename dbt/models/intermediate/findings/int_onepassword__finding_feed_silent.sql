{#- It begins with the silence, where there is one to date, and lasts until now, unless a gap was followed by events. -#}
with gaps as (
  select coverage.stream, min(coverage.day) as first_day, max(coverage.day) as last_day
  from {{ ref('onepassword__daily_coverage') }} as coverage
  where coverage.is_gap
  group by coverage.stream
),

findings as (
  select
    coverage.stream as subject,
    coverage.verdict,
    coverage.reason as detail,
    cast(null as {{ dbt.type_string() }}) as object,
    case
      when coverage.verdict = 'gap' then {{ onepassword_day_start('gaps.first_day') }}
      when coverage.verdict = 'stale' then coalesce(coverage.last_loaded_at, coverage.last_event_at)
      else {{ onepassword_as_of() }}
    end as first_at,
    case
      when coverage.verdict = 'gap' then {{ onepassword_day_start('gaps.last_day') }}
      else {{ onepassword_as_of() }}
    end as last_at
  from {{ ref('onepassword__data_coverage') }} as coverage
  left join gaps on coverage.stream = gaps.stream
  where coverage.verdict in ('stale', 'gap', 'empty', 'not connected')
)

select
  'feed_silent' as rule,
  findings.verdict as window_key,
  rules.severity,
  cast(null as {{ dbt.type_string() }}) as subject_uuid,
  findings.subject,
  {{ onepassword_sentence('rules.sentence', {'subject': 'findings.subject', 'detail': 'findings.detail'}) }} as sentence,
  findings.first_at,
  findings.last_at,
  0 as events,
  cast(null as {{ dbt.type_string() }}) as event_uuids
from findings
cross join (
  select seed.severity, seed.sentence from {{ ref('onepassword_rules') }} as seed where seed.rule = 'feed_silent'
) as rules
