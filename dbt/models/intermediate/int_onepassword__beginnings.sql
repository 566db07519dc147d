{#- When the log shows a vault, a group or a person begin; a person may join again. -#}
select
  begun.begun_uuid,
  begun.began_at,
  coalesce(
    lead(begun.began_at) over (partition by begun.begun_uuid order by begun.began_at), {{ onepassword_end_of_time() }}
  ) as next_began_at,
  min(begun.began_at) over (partition by begun.begun_uuid) as first_began_at
from (
  select distinct events.object_uuid as begun_uuid, events.occurred_at as began_at
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.object_uuid is not null
    and (
      (events.object_type in ('vault', 'group', 'sa') and events.action = 'create')
      or (events.object_type = 'user' and events.action = 'join')
    )
) as begun
