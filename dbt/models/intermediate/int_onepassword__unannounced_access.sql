{#-
  Whoever creates a vault or a group can open it, and no event says so. Of what was there at the time of the baseline, the
  baseline tells.
-#}
with creations as (
  select events.object_type, events.object_uuid, events.actor_uuid, min(events.occurred_at) as created_at
  from {{ ref('int_onepassword__audit_events') }} as events
  cross join {{ ref('int_onepassword__settings') }} as settings
  where events.object_type in ('vault', 'group')
    and events.action = 'create'
    and events.object_uuid is not null
    and events.actor_uuid is not null
    and events.occurred_at > settings.access_covered_from
  group by events.object_type, events.object_uuid, events.actor_uuid
),

possible as (
  select creations.object_uuid as vault_uuid, creations.actor_uuid as user_uuid, creations.created_at as possible_from
  from creations
  where creations.object_type = 'vault'
  union all
  select
    grants.container_uuid,
    creations.actor_uuid,
    case when grants.lower_bound > creations.created_at then grants.lower_bound else creations.created_at end
  from creations
  inner join {{ ref('int_onepassword__intervals') }} as grants
    on grants.kind = 'group vault'
    and creations.object_uuid = grants.holder_uuid
  where creations.object_type = 'group'
)

select possible.vault_uuid, possible.user_uuid, min(possible.possible_from) as possible_from
from possible
group by possible.vault_uuid, possible.user_uuid
