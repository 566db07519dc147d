{#-
  All that opens, changes or ends an access: what the log tells, and what the baselines say at their times. A baseline opens
  what it lists and ends what it lacks. It says nothing of what began later, nor of a pair of which the log tells more.
-#}
{% set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}

with effects as (
  select
    logged.kind, logged.container_uuid, logged.holder_uuid, logged.occurred_at, logged.event_uuid, logged.effect,
    logged.cause, logged.role, {{ no_text }} as permissions, logged.actor_uuid, logged.holder_name, logged.holder_email, logged.is_undated
  from {{ ref('int_onepassword__logged_access') }} as logged
  {#- A vault or group that began while the lists were being read is listed from its beginning on. #}
  union all
  select
    listed.kind, listed.container_uuid, listed.holder_uuid,
    case
      when listed.began_later_at <= listed.read_until then listed.began_later_at
      else listed.as_of
    end,
    {{ no_text }}, 'in baseline', {{ no_text }}, listed.role, listed.permissions, {{ no_text }}, {{ no_text }}, {{ no_text }}, false
  from {{ ref('int_onepassword__listings') }} as listed
  where listed.is_listed
    and coalesce(listed.told_effect <> 'open', true)
  union all
  select
    shown.kind, shown.container_uuid, shown.holder_uuid, shown.as_of, shown.told_event_uuid, 'open at baseline',
    {{ no_text }}, {{ no_text }}, {{ no_text }}, {{ no_text }}, {{ no_text }}, {{ no_text }}, false
  from {{ ref('int_onepassword__listings') }} as shown
  where not shown.is_listed
    and shown.told_effect in ('close', 'change')
    and shown.began_later_at is null
  union all
  select
    missing.kind, missing.container_uuid, missing.holder_uuid, missing.as_of, {{ no_text }}, 'not in baseline',
    'not in baseline', {{ no_text }}, {{ no_text }}, {{ no_text }}, {{ no_text }}, {{ no_text }}, false
  from {{ ref('int_onepassword__listings') }} as missing
  where (missing.told_effect = 'open' or (missing.told_effect is null and not missing.is_listed))
    and missing.began_later_at is null
)

{#- Nothing is held before the vault, the group or the person was there. #}
select
  effects.*,
  case
    when containers.began_at is null then holders.began_at
    when holders.began_at is null then containers.began_at
    else greatest(containers.began_at, holders.began_at)
  end as possible_since,
  holes.hole_ended_at
from effects
left join {{ ref('int_onepassword__log_holes') }} as holes
  on {{ onepassword_to_date('effects.occurred_at') }} = holes.day
left join {{ ref('int_onepassword__beginnings') }} as containers
  on effects.container_uuid = containers.begun_uuid
  and effects.occurred_at >= containers.began_at
  and effects.occurred_at < containers.next_began_at
left join {{ ref('int_onepassword__beginnings') }} as holders
  on effects.holder_uuid = holders.begun_uuid
  and effects.occurred_at >= holders.began_at
  and effects.occurred_at < holders.next_began_at
