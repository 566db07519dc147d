{#-
  The permissions of grants while they are known: from a baseline that has them until an event that changes or ends the
  grant, or the next baseline.
-#}
select
  steps.kind,
  steps.container_uuid,
  steps.holder_uuid,
  steps.known_from,
  steps.known_to,
  steps.permissions,
  {{ onepassword_is_listed("'view_items'", 'steps.permissions') }} or {{ onepassword_is_listed("'allow_viewing'", 'steps.permissions') }} as may_view_items
from (
  select
    events.kind,
    events.container_uuid,
    events.holder_uuid,
    events.effect,
    events.permissions,
    events.occurred_at as known_from,
    lead(events.occurred_at) over (
      partition by events.kind, events.container_uuid, events.holder_uuid order by {{ onepassword_access_order('events') }}
    ) as known_to
  from {{ ref('int_onepassword__access_events') }} as events
  where events.kind in ('user vault', 'group vault')
) as steps
where steps.effect = 'in baseline'
  and steps.permissions is not null
