{#-
  Whether a stream's days of the evidence period can be relied on: there from before its start, loaded once its end had
  settled, read whole, and without three days of silence in a row. The tables cannot tell a quiet time from a failure; the
  input sync_runs can.
-#}
{% set from_day = onepassword_to_date(onepassword_evidence_from()) %}
{% set to_time = onepassword_evidence_to() %}
{% set settled_at = onepassword_add_days(to_time, onepassword_setting('settle_days')) %}

with days as (
  select
    coverage.stream,
    sum(case when coverage.is_gap then 1 else 0 end) as gap_days,
    sum(case when coverage.is_unexplained then 1 else 0 end) as unexplained_days
  from {{ ref('onepassword__daily_coverage') }} as coverage
  where coverage.day >= {{ from_day }}
    and {{ onepassword_day_start('coverage.day') }} < {{ to_time }}
  group by coverage.stream
),

judged as (
  select
    streams.stream,
    case
      when streams.verdict = 'not connected' then 'is not among onepassword_streams'
      when streams.verdict = 'empty' then 'is empty'
      when streams.first_event_at >= {{ onepassword_evidence_from() }} then 'begins after the start of the period'
      when {{ settled_at }} > {{ onepassword_as_of() }} then 'is not settled at the end of the period'
      when coalesce(streams.last_loaded_at, streams.last_event_at) < {{ settled_at }}
        and coalesce(syncs.last_success_at < {{ settled_at }}, true) then 'was not loaded once the end of the period had settled'
      when streams.unread_rows > 0 then 'has events that came under load times which had already been read'
      when days.gap_days > 0 then 'has days in the period on which no stream had an event'
      when days.stream is null or days.unexplained_days > 0 then 'was silent for three days or more of the period, and nothing tells whether its sync failed'
    end as problem
  from {{ ref('onepassword__data_coverage') }} as streams
  left join days on streams.stream = days.stream
  left join {{ ref('int_onepassword__last_syncs') }} as syncs on streams.stream = syncs.stream
)

select
  judged.stream,
  judged.problem is null as is_covered,
  {{ dbt.concat(["'The stream '", 'judged.stream', "' '", 'judged.problem', "'.'"]) }} as reason
from judged
