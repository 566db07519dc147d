{#- Whether creating a vault or a group gives access to it, no event says. What a creator holds may therefore be older than its grant. -#}
select
  case events.object_type when 'vault' then 'vault' else 'group' end as kind,
  events.object_uuid as created_uuid,
  events.actor_uuid as user_uuid,
  min(events.occurred_at) as created_at
from {{ ref('int_onepassword__audit_events') }} as events
where events.object_type in ('vault', 'group')
  and events.action = 'create'
  and events.object_uuid is not null
  and events.actor_uuid is not null
group by events.object_type, events.object_uuid, events.actor_uuid
