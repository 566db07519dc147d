{{ onepassword_finding_config('feed_silent') }}
{#- It begins with the silence, where there is one to date, and lasts until now; each gap is one that ends with its last day. -#}
{% set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}

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
    case when coverage.unread_rows > 0 then 'not read' else coverage.verdict end as window_key,
    {{ no_text }} as subject_uuid,
    coverage.stream as subject,
    {{ no_text }} as object,
    coverage.reason as detail,
    0 as number,
    case
      when coverage.verdict = 'stale' then coalesce(coverage.last_loaded_at, coverage.last_event_at)
      when coverage.unread_rows > 0 then coalesce(coverage.first_event_at, {{ onepassword_as_of() }})
      else {{ onepassword_as_of() }}
    end as first_at,
    {{ onepassword_as_of() }} as last_at,
    0 as events,
    {{ no_text }} as event_uuids
  from {{ ref('onepassword__data_coverage') }} as coverage
  where coverage.verdict in ('stale', 'empty', 'not connected')
    or coverage.unread_rows > 0
  union all
  select
    {{ dbt.concat(["'gap '", 'cast(gaps.first_day as ' ~ dbt.type_string() ~ ')']) }},
    {{ no_text }},
    coverage.stream,
    {{ no_text }},
    coverage.reason,
    0,
    {{ onepassword_day_start('gaps.first_day') }},
    {{ onepassword_day_start('gaps.last_day') }},
    0,
    {{ no_text }}
  from gaps
  inner join {{ ref('onepassword__data_coverage') }} as coverage on gaps.stream = coverage.stream
  where coverage.verdict in ('gap', 'quiet')
)

{{ onepassword_state_finding('feed_silent') }}
