{#-
  The findings of a rule out of `events`, which has one row for each finding and event that it rests on: `window_key` (one
  text for each finding of the rule, which a late event does not change), `subject_uuid`, `subject`, `object` and `detail`
  (the same in all rows of a finding), `event_uuid` and `occurred_at`. `number` in the sentence counts the rows of which
  `counted` is true. `stream` is the stream of the events, as SQL: a text, or a column of theirs.
-#}
{%- macro onepassword_finding(rule, events='events', counted='true', stream="'audit_events'") %}
{%- set in_period -%}
  case when {{ onepassword_in_period(events ~ '.occurred_at') }} then 1 else 0 end
{%- endset -%}
{%- set in_order = 'order by ' ~ events ~ '.occurred_at, ' ~ onepassword_ordered(events ~ '.event_uuid') %}
{%- set findings %}
(
  select
    ranked.window_key,
    max(ranked.subject_uuid) as subject_uuid,
    {%- for column in ['subject', 'object', 'detail'] %}
    max({{ onepassword_ordered('ranked.' ~ column) }}) as {{ column }},
    {%- endfor %}
    cast(sum(case when {{ counted }} then 1 else 0 end) as {{ dbt.type_bigint() }}) as number,
    min(ranked.occurred_at) as first_at,
    max(ranked.occurred_at) as last_at,
    count(*) as events,
    {{ onepassword_list('case when ranked.position <= 100 then ranked.event_uuid end', 'ranked.position') }} as event_uuids,
    max(ranked.in_period) = 1 as is_in_period,
    nullif({{ onepassword_list("case when ranked.in_period = 1 and ranked.event_stream = 'audit_events' and ranked.period_position <= 100 then ranked.event_uuid end", 'ranked.position') }}, '') as period_audit_events,
    max(case when ranked.in_period = 1 and ranked.event_stream = 'sign_in_attempts' and ranked.period_position = 1 then ranked.event_uuid end) as period_sign_in,
    max(case when ranked.in_period = 1 and ranked.event_stream = 'item_usages' and ranked.period_position = 1 then ranked.event_uuid end) as period_item_use
  from (
    select
      {{ events }}.*,
      {{ stream }} as event_stream,
      {{ in_period }} as in_period,
      row_number() over (partition by {{ events }}.window_key {{ in_order }}) as position,
      row_number() over (partition by {{ events }}.window_key, {{ in_period }}{{ ', ' ~ stream if "'" not in stream }} {{ in_order }}) as period_position
    from {{ events }}
  ) as ranked
  group by ranked.window_key
) as findings
{%- endset %}
{%- set period -%}
  findings.is_in_period,
  findings.period_audit_events,
  findings.period_sign_in,
  findings.period_item_use
{%- endset %}
{{ onepassword_finding_rows(rule, findings, period) }}
{%- endmacro -%}


{#-
  The findings of a rule about a state out of `findings`, which has one row for each: the columns that the rows of a finding
  have in common above, `number` for the sentence, `first_at` and `last_at`, and the `events` and `event_uuids` that it rests
  on. `in_period` is SQL; without it, the state falls into the period if it lasted at some time of it.
-#}
{%- macro onepassword_state_finding(rule, in_period=none) -%}
{%- set in_period = in_period or 'findings.first_at < ' ~ onepassword_evidence_to() ~ ' and findings.last_at >= ' ~ onepassword_evidence_from() %}
{{ onepassword_finding_rows(rule, 'findings', onepassword_finding_period(in_period)) }}
{%- endmacro -%}


{#- The rows of a rule: of `findings`, SQL of that alias, what each of them says; `period` are the columns that say it of the period. -#}
{%- macro onepassword_finding_rows(rule, findings, period) -%}
select
  '{{ rule }}' as rule,
  findings.window_key,
  rules.severity,
  findings.subject_uuid,
  findings.subject,
  {{ onepassword_finding_sentence('findings.number') }} as sentence,
  findings.first_at,
  findings.last_at,
  findings.events,
  findings.event_uuids,
  {{ period }}
from {{ findings }}
cross join (
  select seed.severity, seed.sentence from {{ ref('onepassword_rules') }} as seed where seed.rule = '{{ rule }}'
) as rules
{%- endmacro -%}


{#-
  What a finding that has no events of its own in `events`, or one event alone, says of the period: whether it falls into
  it, and by which events. `in_period` and the others are SQL.
-#}
{%- macro onepassword_finding_period(in_period, audit_events='cast(null as ' ~ dbt.type_string() ~ ')') -%}
  {%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
  {{ in_period }} as is_in_period,
  {{ audit_events }} as period_audit_events,
  {{ no_text }} as period_sign_in,
  {{ no_text }} as period_item_use
{%- endmacro -%}


{#- Whether a moment lies in the evidence period, as SQL. -#}
{%- macro onepassword_in_period(moment) -%}
  {{ return('(' ~ moment ~ ' >= ' ~ onepassword_evidence_from() ~ ' and ' ~ moment ~ ' < ' ~ onepassword_evidence_to() ~ ')') }}
{%- endmacro -%}


{#- The sentence of `rules` with the words of `findings`. -#}
{%- macro onepassword_finding_sentence(number) -%}
  {{ return(onepassword_sentence('rules.sentence', {
    'subject': 'coalesce(findings.subject, findings.subject_uuid)',
    'object': 'findings.object',
    'number': 'cast(' ~ number ~ ' as ' ~ dbt.type_string() ~ ')',
    'detail': 'findings.detail',
  })) }}
{%- endmacro -%}


{#-
  The rows of `events` that lie in a burst: `count` or more of one `key` within `seconds`. Bursts of one key that share
  an event are one. Each row gets `window_key`, the key and the day of the burst's first event, and `reaches_count`: 1 if
  with it there are enough.
-#}
{%- macro onepassword_bursts(events, key, count, seconds) -%}
  {%- set count = [count | int, 1] | max -%}
  {%- set previous -%}
    lag({{ events }}.occurred_at, {{ count - 1 }}) over (partition by {{ key }} order by {{ events }}.occurred_at, {{ onepassword_ordered(events ~ '.event_uuid') }})
  {%- endset -%}
  {%- set in_order = 'partition by counted_events.burst_key order by counted_events.occurred_at, ' ~ onepassword_ordered('counted_events.event_uuid') %}
  select
    burst_events.*,
    {{ onepassword_window_key(['burst_events.burst_key', 'min(burst_events.occurred_at) over (partition by burst_events.burst_key, burst_events.burst_number)']) }} as window_key
  from (
    select
      marked_events.*,
      sum(marked_events.begins_burst) over (
        partition by marked_events.burst_key
        order by marked_events.occurred_at, {{ onepassword_ordered('marked_events.event_uuid') }}
        rows between unbounded preceding and current row
      ) as burst_number
    from (
      select
        counted_events.*,
        max(counted_events.reaches_count) over ({{ in_order }} rows between 0 following and {{ count - 1 }} following) as is_in_burst,
        {% if count == 1 -%} 1 {%- else -%}
        1 - max(counted_events.reaches_count) over ({{ in_order }} rows between 0 following and {{ count - 2 }} following)
        {%- endif %} as begins_burst
      from (
        select
          {{ events }}.*,
          {{ key }} as burst_key,
          case when {{ onepassword_seconds_between(previous, events ~ '.occurred_at') }} <= {{ seconds }} then 1 else 0 end as reaches_count
        from {{ events }}
        where {{ key }} is not null
      ) as counted_events
    ) as marked_events
    where marked_events.is_in_burst = 1
  ) as burst_events
{%- endmacro -%}


{#-
  What tells the findings of a rule apart, as a text: a key, and the day (UTC) of a timestamp. A late event that comes
  before the others on that day changes neither.
-#}
{%- macro onepassword_window_key(parts) -%}
  {{ return(dbt.concat([parts[0], "' '", 'cast(' ~ onepassword_to_date(parts[1]) ~ ' as ' ~ dbt.type_string() ~ ')'])) }}
{%- endmacro -%}
