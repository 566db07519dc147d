{% set stale_before = onepassword_add_hours(onepassword_as_of(), -onepassword_setting('stale_after_hours')) %}
{% set no_time = 'cast(null as ' ~ onepassword_type_timestamp() ~ ')' %}

with streams as (
  {% for stream in onepassword_known_streams() %}
  select
    '{{ stream }}' as stream,
    {{ 'true' if onepassword_has_stream(stream) else 'false' }} as is_connected,
    count(*) as kept_rows,
    coalesce(sum(case when events.is_undated then 1 else 0 end), 0) as undated_rows
  from {{ ref('stg_onepassword__' ~ stream) }} as events
  {{ 'union all' if not loop.last }}
  {% endfor %}
),

deliveries as (
  select
    deliveries.stream,
    sum(deliveries.events) as events,
    min(deliveries.first_event_at) as first_event_at,
    max(deliveries.last_event_at) as last_event_at,
    min(deliveries.first_loaded_at) as first_loaded_at,
    max(deliveries.last_loaded_at) as last_loaded_at,
    sum(deliveries.late_events) as late_events,
    sum(deliveries.derived_keys) as derived_keys
  from {{ ref('int_onepassword__deliveries') }} as deliveries
  group by deliveries.stream
),

silences as (
  select
    coverage.stream,
    sum(case when coverage.silence_days > 0 then 1 else 0 end) as silent_days,
    max(coverage.silence_days) as longest_silence_days,
    sum(case when coverage.is_gap then 1 else 0 end) as gap_days
  from {{ ref('onepassword__daily_coverage') }} as coverage
  group by coverage.stream
),

{#- Where the tables do not tell when they were loaded, the newest event is the best that is known. #}
measured as (
  select
    streams.stream,
    streams.is_connected,
    coalesce(deliveries.events, 0) as events,
    deliveries.first_event_at,
    deliveries.last_event_at,
    deliveries.first_loaded_at,
    deliveries.last_loaded_at,
    case when source_rows.row_count >= streams.kept_rows then source_rows.row_count - streams.kept_rows end as repeated_rows,
    coalesce(deliveries.derived_keys, 0) as derived_keys,
    streams.undated_rows,
    deliveries.late_events,
    coalesce(silences.silent_days, 0) as silent_days,
    coalesce(silences.longest_silence_days, 0) as longest_silence_days,
    coalesce(silences.gap_days, 0) as gap_days,
    synced.last_success_at,
    coalesce(deliveries.last_loaded_at, deliveries.last_event_at) as last_alive_at,
    max(coalesce(deliveries.last_loaded_at, deliveries.last_event_at)) over () as any_alive_at
  from streams
  left join deliveries on streams.stream = deliveries.stream
  left join silences on streams.stream = silences.stream
  left join {{ ref('int_onepassword__last_syncs') }} as synced on streams.stream = synced.stream
  left join {{ ref('int_onepassword__source_rows') }} as source_rows on streams.stream = source_rows.stream
),

judged as (
  select
    measured.*,
    case
      when not measured.is_connected then 'not connected'
      when measured.events = 0 then 'empty'
      {%- if onepassword_has_input('sync_runs') %}
      when coalesce(measured.last_success_at, measured.last_alive_at) < {{ stale_before }}
        and measured.last_alive_at < {{ stale_before }} then 'stale'
      {%- else %}
      when measured.any_alive_at < {{ stale_before }} then 'stale'
      {%- endif %}
      when measured.gap_days > 0 then 'gap'
      {%- if not onepassword_has_input('sync_runs') %}
      when measured.last_alive_at < {{ stale_before }} then 'quiet'
      {%- endif %}
      else 'complete'
    end as verdict
  from measured
)

select
  judged.stream,
  judged.verdict,
  case judged.verdict
    when 'not connected' then 'The stream is not among onepassword_streams, so nothing can be said of its events.'
    when 'empty' then 'The stream is synced, but its table holds no dated event: check that the token has this event type.'
    when 'stale' then 'Nothing was loaded for more than {{ onepassword_setting('stale_after_hours') }} hours before the time of this evidence: check that Airbyte syncs.'
    when 'gap' then 'In three days in a row or more no stream had an event: check whether the syncs of that time failed.'
    when 'quiet' then 'Other streams were loaded in the last {{ onepassword_setting('stale_after_hours') }} hours and this one was not: it had no events, or its sync fails. The input sync_runs tells which.'
    else 'The stream was loaded in the last {{ onepassword_setting('stale_after_hours') }} hours and has no unexplained gap.'
  end as reason,
  cast(judged.events as {{ dbt.type_bigint() }}) as events,
  judged.first_event_at,
  judged.last_event_at,
  judged.first_loaded_at,
  judged.last_loaded_at,
  cast(judged.repeated_rows as {{ dbt.type_bigint() }}) as repeated_rows,
  cast(judged.derived_keys as {{ dbt.type_bigint() }}) as derived_keys,
  cast(judged.undated_rows as {{ dbt.type_bigint() }}) as undated_rows,
  cast(judged.late_events as {{ dbt.type_bigint() }}) as late_events,
  cast(judged.silent_days as {{ dbt.type_bigint() }}) as silent_days,
  cast(judged.longest_silence_days as {{ dbt.type_bigint() }}) as longest_silence_days,
  settings.account_uuid
from judged
cross join {{ ref('int_onepassword__settings') }} as settings
