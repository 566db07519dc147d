{#-
  One row for each stretch of time in which a pair's access was open. What a row of `int_onepassword__access_events`
  leaves behind, open or closed, does not depend on what was before, so the state before an event is that of the
  previous one. Only an inferred end needs more: of something never seen it ends nothing.
-#}
{% set pair = 'events.kind, events.container_uuid, events.holder_uuid' %}
{% set opens = "case when events.effect in ('in baseline', 'not in baseline', 'open at baseline') then null when events.result = 'open' then 1 else 0 end" %}

with ordered as (
  select
    events.*,
    row_number() over (
      partition by {{ pair }}
      order by {{ onepassword_access_order('events') }}
    ) as position
  from {{ ref('int_onepassword__access_events') }} as events
),

results as (
  select
    events.*,
    case
      when events.effect in ('open', 'change', 'in baseline', 'open at baseline') then 'open'
      when events.effect = 'inferred close' and coalesce(sum(case when events.effect = 'inferred close' then 0 else 1 end) over (
        partition by {{ pair }} order by events.position rows between unbounded preceding and 1 preceding
      ), 0) = 0 then 'unseen'
      else 'closed'
    end as result
  from ordered as events
),

steps as (
  select
    events.*,
    coalesce(lag(events.result) over (partition by {{ pair }} order by events.position), 'unseen') as previous_result,
    max(case when events.result = 'unseen' then events.occurred_at end) over (partition by {{ pair }}) as last_unseen_end_at,
    {#- A baseline comes after the events of its instant, so it contradicts none. An event without a time may contradict any. #}
    coalesce(events.is_undated, false) or coalesce(
      min({{ opens }}) over (partition by {{ pair }}, events.occurred_at) <> max({{ opens }}) over (partition by {{ pair }}, events.occurred_at),
      false
    ) as is_contradicted
  from results as events
),

effective as (
  select
    events.*,
    events.is_start = 1 or events.previous_result = 'open' as is_effective,
    sum(events.is_start) over (
      partition by {{ pair }} order by events.position rows between unbounded preceding and current row
    ) as interval_number
  from (
    select
      steps.*,
      case
        when steps.result = 'open' and steps.previous_result <> 'open' then 1
        when steps.effect = 'close' and steps.previous_result = 'unseen' then 1
        else 0
      end as is_start
    from steps
  ) as events
),

numbered as (
  select
    events.*,
    max(case when events.role is not null then events.position end) over (
      partition by {{ pair }}, events.interval_number
    ) as role_position,
    max(case when events.holder_name is not null or events.holder_email is not null then events.position end) over (
      partition by {{ pair }}, events.interval_number
    ) as name_position
  from effective as events
  where events.is_effective
),

intervals as (
  select
    events.kind,
    events.container_uuid,
    events.holder_uuid,
    events.interval_number,
    max(case when events.position = events.role_position then events.role end) as role,
    max(case when events.position = events.name_position then events.holder_name end) as holder_name,
    max(case when events.position = events.name_position then events.holder_email end) as holder_email,
    max(case when events.is_start = 1 then events.effect end) as start_effect,
    max(case when events.is_start = 1 then events.previous_result end) as state_before,
    max(case when events.is_start = 1 then events.occurred_at end) as started_at,
    max(case when events.is_start = 1 then events.event_uuid end) as start_event_uuid,
    max(case when events.is_start = 1 then events.possible_since end) as possible_since,
    max(case when events.is_start = 1 then events.hole_ended_at end) as hole_ended_at,
    max(case when events.effect = 'open' and events.is_start = 1 then events.actor_uuid end) as opened_by_uuid,
    max(events.last_unseen_end_at) as last_unseen_end_at,
    max(case when events.result = 'closed' then events.occurred_at end) as ended_at,
    max(case when events.result = 'closed' then events.cause end) as ended_by,
    max(case when events.result = 'closed' then events.actor_uuid end) as ended_by_uuid,
    max(events.position) as last_position,
    max(case when events.is_contradicted then 1 else 0 end) = 1 as is_order_ambiguous,
    max(case when events.is_contradicted and events.result = 'closed' then 1 else 0 end) = 1 as is_end_ambiguous
  from numbered as events
  group by {{ pair }}, events.interval_number
),

last_events as (
  select events.kind, events.container_uuid, events.holder_uuid, events.interval_number, max(events.position) as position
  from numbered as events
  where events.event_uuid is not null
  group by {{ pair }}, events.interval_number
),

{#-
  An interval that is seen only at its end, after an inferred end of the same: it ended at the first of these, unless the
  vault, the group or the person began after it.
#}
unseen_ends as (
  select
    results.*,
    intervals.interval_number,
    row_number() over (
      partition by intervals.kind, intervals.container_uuid, intervals.holder_uuid, intervals.interval_number
      order by results.position
    ) as first_one
  from intervals
  inner join results
    on intervals.kind = results.kind
    and intervals.container_uuid = results.container_uuid
    and intervals.holder_uuid = results.holder_uuid
    and results.result = 'unseen'
  where intervals.start_effect = 'close'
    and intervals.state_before = 'unseen'
    and coalesce(results.occurred_at >= intervals.possible_since, true)
),

dated as (
  select
    intervals.kind,
    intervals.container_uuid,
    intervals.holder_uuid,
    intervals.interval_number,
    intervals.role,
    case when intervals.start_effect = 'open' then intervals.started_at end as opened_at,
    coalesce(unseen_end.occurred_at, intervals.started_at) as known_since,
    {#- What was held before an inferred end is not what is changed after it. #}
    case
      when unseen_end.position is not null then unseen_end.possible_since
      when coalesce(intervals.last_unseen_end_at > intervals.possible_since, intervals.possible_since is null)
        then intervals.last_unseen_end_at
      else intervals.possible_since
    end as possible_since,
    coalesce(unseen_end.occurred_at, intervals.ended_at) as ended_at,
    coalesce(unseen_end.cause, intervals.ended_by) as ended_by,
    intervals.opened_by_uuid,
    case when unseen_end.position is null then intervals.ended_by_uuid else unseen_end.actor_uuid end as ended_by_uuid,
    coalesce(unseen_end.event_uuid, intervals.start_event_uuid) as first_event_uuid,
    last_event.event_uuid as last_event_uuid,
    intervals.start_effect,
    intervals.state_before,
    case when unseen_end.position is null then intervals.hole_ended_at else unseen_end.hole_ended_at end as hole_ended_at,
    intervals.is_order_ambiguous,
    intervals.is_end_ambiguous,
    intervals.holder_name,
    intervals.holder_email
  from intervals
  left join unseen_ends as unseen_end
    on intervals.kind = unseen_end.kind
    and intervals.container_uuid = unseen_end.container_uuid
    and intervals.holder_uuid = unseen_end.holder_uuid
    and intervals.interval_number = unseen_end.interval_number
    and unseen_end.first_one = 1
  left join last_events
    on intervals.kind = last_events.kind
    and intervals.container_uuid = last_events.container_uuid
    and intervals.holder_uuid = last_events.holder_uuid
    and intervals.interval_number = last_events.interval_number
  left join results as last_event
    on last_events.kind = last_event.kind
    and last_events.container_uuid = last_event.container_uuid
    and last_events.holder_uuid = last_event.holder_uuid
    and last_events.position = last_event.position
),

based as (
  select
    dated.*,
    {#- What was there before the log's last hole may have begun in it. #}
    coalesce(dated.hole_ended_at > coalesce(dated.possible_since, {{ onepassword_beginning() }}), false) as is_after_hole,
    case
      when dated.start_effect = 'open' then 'granted'
      when dated.start_effect = 'in baseline' then 'baseline'
      when dated.state_before = 'unseen' then 'older than the log'
      else 'opening not seen'
    end as basis
  from dated
)

{#- What is open at the first event that is on record of it was open since the log's last hole, or since always. #}
select
  based.kind,
  based.container_uuid,
  based.holder_uuid,
  based.interval_number,
  based.role,
  based.opened_at,
  based.known_since,
  based.possible_since,
  based.ended_at,
  based.ended_by,
  based.opened_by_uuid,
  based.ended_by_uuid,
  based.first_event_uuid,
  based.last_event_uuid,
  case when based.basis = 'older than the log' and based.is_after_hole then 'opening not seen' else based.basis end as basis,
  based.is_order_ambiguous,
  based.is_end_ambiguous,
  based.holder_name,
  based.holder_email,
  case
    when based.basis <> 'older than the log' then based.known_since
    when based.is_after_hole then based.hole_ended_at
    else based.possible_since
  end as lower_bound
from based
