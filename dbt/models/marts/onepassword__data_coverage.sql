{% set stale_before = onepassword_add_hours(onepassword_as_of(), -onepassword_setting('stale_after_hours')) %}
{% set no_time = 'cast(null as ' ~ onepassword_type_timestamp() ~ ')' %}

{% set stale_hours = onepassword_setting('stale_after_hours') %}
{% set has_runs = onepassword_has_input('sync_runs') %}
{% set is_gap = onepassword_is_gap('coverage') %}

with streams as (
  {% for stream in onepassword_known_streams() %}
  select
    '{{ stream }}' as stream,
    {{ 'true' if onepassword_has_stream(stream) else 'false' }} as is_connected,
    coalesce(sum(case when events.is_undated then 1 else 0 end), 0) as undated_rows,
    coalesce(sum(case when events.is_changed then 1 else 0 end), 0) as changed_rows
  from {{ ref('stg_onepassword__' ~ stream) }} as events
  where true
    {{ onepassword_of_account('events') }}
    {{ onepassword_of_stream(stream) }}
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
    count(case when {{ is_gap }} then coverage.day end) as gap_days,
    min(case when {{ is_gap }} then coverage.day end) as first_gap_day,
    max(case when {{ is_gap }} then coverage.day end) as last_gap_day
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
    source_rows.repeated_rows,
    source_rows.unread_rows,
    coalesce(deliveries.derived_keys, 0) as derived_keys,
    streams.undated_rows,
    streams.changed_rows,
    deliveries.late_events,
    coalesce(silences.silent_days, 0) as silent_days,
    coalesce(silences.longest_silence_days, 0) as longest_silence_days,
    coalesce(silences.gap_days, 0) as gap_days,
    silences.first_gap_day,
    silences.last_gap_day,
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
      {%- if has_runs %}
      when coalesce(measured.last_success_at, measured.last_alive_at) < {{ stale_before }}
        and measured.last_alive_at < {{ stale_before }} then 'stale'
      {%- else %}
      when measured.any_alive_at < {{ stale_before }} then 'stale'
      {%- endif %}
      {%- if not has_runs %}
      when measured.last_alive_at < {{ stale_before }} then 'quiet'
      {%- endif %}
      when measured.gap_days > 0 or measured.unread_rows > 0 then 'gap'
      else 'complete'
    end as verdict
  from measured
)

{% set text = dbt.type_string() %}
select
  judged.stream,
  judged.verdict,
  trim({{ dbt.concat([
    "case judged.verdict
      when 'not connected' then 'The stream is not among onepassword_streams, so nothing can be said of its events.'
      when 'empty' then 'The stream is synced, but its table holds no dated event: check that the token has this event type.'
      when 'stale' then 'Nothing was loaded for more than " ~ stale_hours ~ " hours before the time of this evidence: check that Airbyte syncs.'
      when 'quiet' then 'Other streams were loaded in the last " ~ stale_hours ~ " hours and this one was not: it had no events, or its sync fails. The input sync_runs tells which.'
      when 'complete' then 'The stream was loaded in the last " ~ stale_hours ~ " hours and has no unexplained gap since the start of the period.'
      else ''
    end",
    "case when judged.gap_days > 0 then " ~ dbt.concat([
      "' '", 'cast(judged.gap_days as ' ~ text ~ ')', "' days from '", 'cast(judged.first_gap_day as ' ~ text ~ ')',
      "' to '", 'cast(judged.last_gap_day as ' ~ text ~ ')',
      ("' had no event of this stream, and no successful sync is known of them: check what failed then.'" if has_runs
        else "' had no event of any stream, three or more in a row: check whether the syncs of that time failed.'"),
    ]) ~ " else '' end",
    "case when judged.unread_rows > 0 then " ~ dbt.concat([
      "' Events in the table that are not in the models: '", 'cast(judged.unread_rows as ' ~ text ~ ')',
      "'. They came under load times that had already been read, as when a table is restored. dbt build --full-refresh --select package:onepassword reads them.'",
    ]) ~ " else '' end",
    "case when judged.changed_rows > 0 then " ~ dbt.concat([
      "' Rows with values that were changed on the way, of which _airbyte_meta tells: '", 'cast(judged.changed_rows as ' ~ text ~ ')', "'.'",
    ]) ~ " else '' end",
  ]) }}) as reason,
  cast(judged.events as {{ dbt.type_bigint() }}) as events,
  judged.first_event_at,
  judged.last_event_at,
  judged.first_loaded_at,
  judged.last_loaded_at,
  cast(judged.repeated_rows as {{ dbt.type_bigint() }}) as repeated_rows,
  cast(judged.derived_keys as {{ dbt.type_bigint() }}) as derived_keys,
  cast(judged.undated_rows as {{ dbt.type_bigint() }}) as undated_rows,
  cast(judged.changed_rows as {{ dbt.type_bigint() }}) as changed_rows,
  cast(judged.unread_rows as {{ dbt.type_bigint() }}) as unread_rows,
  cast(judged.late_events as {{ dbt.type_bigint() }}) as late_events,
  cast(judged.silent_days as {{ dbt.type_bigint() }}) as silent_days,
  cast(judged.longest_silence_days as {{ dbt.type_bigint() }}) as longest_silence_days,
  settings.account_uuid
from judged
cross join {{ ref('int_onepassword__settings') }} as settings
