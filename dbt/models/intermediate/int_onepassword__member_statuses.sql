{#- One row for each stretch of time in which a person's status was known and the same. -#}

with changes as (
  select
    events.object_uuid as user_uuid,
    events.occurred_at,
    events.event_uuid,
    events.actor_uuid,
    case
      when events.action = 'suspend' then 'suspended'
      when events.action in ('delete', 'leave') then 'removed'
      else 'active'
    end as status,
    events.action
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.object_uuid is not null
    and (
      (events.object_type = 'user' and events.action in ('join', 'activate', 'suspend', 'reactive', 'delete', 'leave'))
      or (events.object_type = 'sa' and events.action in ('create', 'delete'))
    )
),

{#- Without a time, an event can only end what others show. #}
undated as (
  select
    ends.object_uuid as user_uuid,
    ends.known_at as occurred_at,
    ends.event_uuid,
    ends.actor_uuid,
    case ends.action when 'suspend' then 'suspended' else 'removed' end as status,
    ends.action
  from {{ ref('int_onepassword__undated_ends') }} as ends
  inner join {{ ref('int_onepassword__people') }} as people on ends.object_uuid = people.user_uuid
  where ends.object_type in ('user', 'sa')
),

known as (
  select changes.user_uuid, changes.occurred_at, changes.event_uuid, changes.actor_uuid, changes.status, changes.action, false as is_undated
  from changes
  union all
  select undated.user_uuid, undated.occurred_at, undated.event_uuid, undated.actor_uuid, undated.status, undated.action, true
  from undated
  union all
  select
    listed.user_uuid, listed.as_of, cast(null as {{ dbt.type_string() }}), cast(null as {{ dbt.type_string() }}),
    listed.status, 'baseline', false
  from {{ ref('int_onepassword__listed_members') }} as listed
  where listed.status is not null
),

steps as (
  select
    changes.*,
    {#- A baseline comes after the events of its instant, so it contradicts none. An event without a time may contradict any. #}
    changes.is_undated or coalesce(min(case when changes.event_uuid is not null then changes.status end) over (partition by changes.user_uuid, changes.occurred_at)
      <> max(case when changes.event_uuid is not null then changes.status end) over (partition by changes.user_uuid, changes.occurred_at), false)
      as is_contradicted,
    lag(changes.status) over (
      partition by changes.user_uuid
      order by
        changes.occurred_at,
        case when changes.event_uuid is null then 1 else 0 end,
        {{ onepassword_ordered('changes.event_uuid') }}
    ) as previous_status
  from known as changes
),

transitions as (
  select
    steps.*,
    lead(steps.occurred_at) over (
      partition by steps.user_uuid
      order by
        steps.occurred_at,
        case when steps.event_uuid is null then 1 else 0 end,
        {{ onepassword_ordered('steps.event_uuid') }}
    ) as ended_at
  from steps
  where steps.previous_status is null
    or steps.previous_status <> steps.status
)

select
  transitions.user_uuid,
  transitions.status,
  transitions.previous_status,
  transitions.action,
  case when transitions.action <> 'baseline' then transitions.occurred_at end as started_at,
  transitions.occurred_at as known_since,
  transitions.ended_at,
  transitions.event_uuid,
  transitions.actor_uuid as changed_by_uuid,
  coalesce(transitions.is_contradicted, false) as is_order_ambiguous
from transitions
