{{ onepassword_finding_config('feed_silent') }}
{#- It begins with the silence, where there is one to date, and lasts until now; each gap is one that ends with its last day. -#}
with days as (
  select
    coverage.stream,
    coverage.day,
    {{ onepassword_is_gap('coverage') }} as is_gap,
    sum(case when {{ onepassword_is_gap('coverage') }} then 0 else 1 end) over (
      partition by coverage.stream order by coverage.day rows between unbounded preceding and current row
    ) as gap_number
  from {{ ref('onepassword__daily_coverage') }} as coverage
),

gaps as (
  select days.stream, min(days.day) as first_day, max(days.day) as last_day
  from days
  where days.is_gap
  group by days.stream, days.gap_number
),

findings as (
  select
    coverage.stream as subject,
    case when coverage.unread_rows > 0 then 'not read' else coverage.verdict end as window_key,
    coverage.reason as detail,
    cast(null as {{ dbt.type_string() }}) as object,
    case
      when coverage.verdict = 'stale' then coalesce(coverage.last_loaded_at, coverage.last_event_at)
      when coverage.unread_rows > 0 then coalesce(coverage.first_event_at, {{ onepassword_as_of() }})
      else {{ onepassword_as_of() }}
    end as first_at,
    {{ onepassword_as_of() }} as last_at
  from {{ ref('onepassword__data_coverage') }} as coverage
  where coverage.verdict in ('stale', 'empty', 'not connected')
    or coverage.unread_rows > 0
  union all
  select
    coverage.stream,
    {{ dbt.concat(["'gap '", 'cast(gaps.first_day as ' ~ dbt.type_string() ~ ')']) }},
    coverage.reason,
    cast(null as {{ dbt.type_string() }}),
    {{ onepassword_day_start('gaps.first_day') }},
    {{ onepassword_day_start('gaps.last_day') }}
  from gaps
  inner join {{ ref('onepassword__data_coverage') }} as coverage on gaps.stream = coverage.stream
  where coverage.verdict in ('gap', 'quiet')
)

select
  'feed_silent' as rule,
  findings.window_key,
  rules.severity,
  cast(null as {{ dbt.type_string() }}) as subject_uuid,
  findings.subject,
  {{ onepassword_sentence('rules.sentence', {'subject': 'findings.subject', 'detail': 'findings.detail'}) }} as sentence,
  findings.first_at,
  findings.last_at,
  0 as events,
  cast(null as {{ dbt.type_string() }}) as event_uuids,
  {{ onepassword_finding_period('findings.first_at < ' ~ onepassword_evidence_to() ~ ' and findings.last_at >= ' ~ onepassword_evidence_from()) }}
from findings
cross join (
  select seed.severity, seed.sentence from {{ ref('onepassword_rules') }} as seed where seed.rule = 'feed_silent'
) as rules
