{#-
  Events by which somebody gave access to themselves: a group, a vault, or a vault to a group of which they were a member.
  Identity is that of identifiers; an event that names nobody is no self-grant.
-#}
select
  case when meanings.object_type = 'gm' then 'gave_oneself_a_group' else 'gave_oneself_a_vault' end as rule,
  meanings.event_uuid,
  meanings.occurred_at,
  meanings.actor_uuid as subject_uuid,
  coalesce(meanings.actor_name, meanings.actor_email) as subject,
  case when meanings.object_type = 'uva' then meanings.object_uuid end as vault_uuid,
  case when meanings.object_type = 'gm' then meanings.object_uuid end as group_uuid,
  coalesce(meanings.object_name, meanings.object_uuid) as object,
  case
    when meanings.action = 'join' then 'added themselves to'
    when meanings.action = 'role' then 'made themselves a manager of'
    when meanings.action = 'grant' then 'gave themselves access to'
    else 'changed their own permissions in'
  end as detail
from {{ ref('int_onepassword__audit_meanings') }} as meanings
where meanings.actor_uuid = meanings.aux_uuid
  and (
    (meanings.object_type = 'uva' and meanings.action in ('grant', 'update'))
    or (meanings.object_type = 'gm' and meanings.action = 'join')
    or (meanings.object_type = 'gm' and meanings.action = 'role' and meanings.aux_info = 'A')
  )

union all

select
  'gave_own_group_a_vault' as rule,
  meanings.event_uuid,
  meanings.occurred_at,
  meanings.actor_uuid as subject_uuid,
  max({{ onepassword_ordered('coalesce(meanings.actor_name, meanings.actor_email)') }}) as subject,
  meanings.object_uuid as vault_uuid,
  meanings.aux_uuid as group_uuid,
  max({{ onepassword_ordered('coalesce(meanings.object_name, meanings.object_uuid)') }}) as object,
  max({{ onepassword_ordered('coalesce(meanings.aux_name, meanings.aux_uuid)') }}) as detail
from {{ ref('int_onepassword__audit_meanings') }} as meanings
inner join {{ ref('int_onepassword__intervals') }} as memberships
  on memberships.kind = 'membership'
  and meanings.aux_uuid = memberships.container_uuid
  and meanings.actor_uuid = memberships.holder_uuid
  and (memberships.lower_bound is null or memberships.lower_bound <= meanings.occurred_at)
  and (memberships.ended_at is null or memberships.ended_at > meanings.occurred_at)
where meanings.object_type = 'gva'
  and meanings.action = 'grant'
group by meanings.event_uuid, meanings.occurred_at, meanings.actor_uuid, meanings.object_uuid, meanings.aux_uuid
