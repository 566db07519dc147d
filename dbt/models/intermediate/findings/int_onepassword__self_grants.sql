{#-
  Events by which somebody gave access to themselves: a group, a vault, or a vault to a group of which they were a member.
  Identity is that of identifiers; an event that names nobody is no self-grant. Whoever creates a vault or a group has it
  from then on, until the log shows it taken away or a baseline does not list it: a vault of one's own is nothing that one
  can give to oneself, and of a group of one's own one is a member.
-#}
with creations as (
  select meanings.object_type, meanings.object_uuid, meanings.actor_uuid, min(meanings.occurred_at) as created_at
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  where meanings.object_type in ('vault', 'group')
    and meanings.action = 'create'
    and meanings.object_uuid is not null
    and meanings.actor_uuid is not null
  group by meanings.object_type, meanings.object_uuid, meanings.actor_uuid
),

{#- When a baseline first lacked what somebody had created. #}
unlisted as (
  select creations.object_type, creations.object_uuid, creations.actor_uuid, min(scopes.as_of) as unlisted_at
  from creations
  inner join {{ ref('int_onepassword__baseline_scopes') }} as scopes
    on creations.object_uuid = scopes.container_uuid
    and creations.object_type = scopes.kind
    and scopes.is_named
    and scopes.as_of >= creations.created_at
  left join {{ ref('int_onepassword__intervals') }} as intervals
    on creations.object_uuid = intervals.container_uuid
    and creations.actor_uuid = intervals.holder_uuid
    and intervals.kind = case creations.object_type when 'vault' then 'user vault' else 'membership' end
    and coalesce(intervals.lower_bound, creations.created_at) <= scopes.as_of
    and (intervals.ended_at is null or intervals.ended_at > scopes.as_of)
  where intervals.kind is null
  group by creations.object_type, creations.object_uuid, creations.actor_uuid
),

ended as (
  select
    creations.object_type,
    creations.object_uuid,
    creations.actor_uuid,
    creations.created_at,
    min(case when intervals.ended_at > creations.created_at then intervals.ended_at end) as first_ended_at
  from creations
  left join {{ ref('int_onepassword__intervals') }} as intervals
    on creations.object_uuid = intervals.container_uuid
    and creations.actor_uuid = intervals.holder_uuid
    and intervals.kind = case creations.object_type when 'vault' then 'user vault' else 'membership' end
  group by creations.object_type, creations.object_uuid, creations.actor_uuid, creations.created_at
),

{#- Until when what somebody created was theirs; null if it is still. #}
own as (
  select
    ended.object_type,
    ended.object_uuid,
    ended.actor_uuid,
    ended.created_at,
    case
      when ended.first_ended_at is null then unlisted.unlisted_at
      when unlisted.unlisted_at < ended.first_ended_at then unlisted.unlisted_at
      else ended.first_ended_at
    end as own_until
  from ended
  left join unlisted
    on ended.object_type = unlisted.object_type
    and ended.object_uuid = unlisted.object_uuid
    and ended.actor_uuid = unlisted.actor_uuid
),

grants as (
  select
    meanings.*,
    own.actor_uuid is not null as is_of_own_vault
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  left join own
    on own.object_type = 'vault'
    and meanings.object_type in ('uva', 'gva')
    and meanings.object_uuid = own.object_uuid
    and meanings.actor_uuid = own.actor_uuid
    and meanings.occurred_at <= coalesce(own.own_until, {{ onepassword_end_of_time() }})
  where meanings.object_type in ('uva', 'gva', 'gm')
    and meanings.action in ('grant', 'update', 'join', 'role')
),

memberships as (
  select
    intervals.container_uuid as group_uuid,
    intervals.holder_uuid as user_uuid,
    coalesce(intervals.lower_bound, {{ onepassword_beginning() }}) as member_from,
    coalesce(intervals.ended_at, {{ onepassword_end_of_time() }}) as member_until
  from {{ ref('int_onepassword__intervals') }} as intervals
  where intervals.kind = 'membership'
  union all
  select own.object_uuid, own.actor_uuid, own.created_at, coalesce(own.own_until, {{ onepassword_end_of_time() }})
  from own
  where own.object_type = 'group'
)

select
  case when grants.object_type = 'gm' then 'gave_oneself_a_group' else 'gave_oneself_a_vault' end as rule,
  grants.event_uuid,
  grants.occurred_at,
  grants.actor_uuid as subject_uuid,
  coalesce(grants.actor_name, grants.actor_email) as subject,
  case when grants.object_type = 'uva' then grants.object_uuid end as vault_uuid,
  case when grants.object_type = 'gm' then grants.object_uuid end as group_uuid,
  coalesce(grants.object_name, grants.object_uuid) as object,
  case
    when grants.action = 'join' then 'added themselves to'
    when grants.action = 'role' then 'made themselves a manager of'
    when grants.action = 'grant' then 'gave themselves access to'
    else 'changed their own permissions in'
  end as detail
from grants
where grants.actor_uuid = grants.aux_uuid
  and (
    (grants.object_type = 'uva' and grants.action in ('grant', 'update') and not grants.is_of_own_vault)
    or (grants.object_type = 'gm' and grants.action = 'join')
    or (grants.object_type = 'gm' and grants.action = 'role' and grants.aux_info = 'A')
  )

union all

select
  'gave_own_group_a_vault' as rule,
  grants.event_uuid,
  grants.occurred_at,
  grants.actor_uuid as subject_uuid,
  max({{ onepassword_ordered('coalesce(grants.actor_name, grants.actor_email)') }}) as subject,
  grants.object_uuid as vault_uuid,
  grants.aux_uuid as group_uuid,
  max({{ onepassword_ordered('coalesce(grants.object_name, grants.object_uuid)') }}) as object,
  case
    when max({{ onepassword_ordered('grants.action') }}) = 'grant'
      then {{ dbt.concat(["'gave the group '", 'max(' ~ onepassword_ordered('coalesce(grants.aux_name, grants.aux_uuid)') ~ ')', "', of which they were a member, access to'"]) }}
    else {{ dbt.concat(["'changed the permissions of the group '", 'max(' ~ onepassword_ordered('coalesce(grants.aux_name, grants.aux_uuid)') ~ ')', "', of which they were a member, in'"]) }}
  end as detail
from grants
inner join memberships
  on grants.aux_uuid = memberships.group_uuid
  and grants.actor_uuid = memberships.user_uuid
  and memberships.member_from <= grants.occurred_at
  and memberships.member_until > grants.occurred_at
where grants.object_type = 'gva'
  and grants.action in ('grant', 'update')
  and not grants.is_of_own_vault
group by grants.event_uuid, grants.occurred_at, grants.actor_uuid, grants.object_uuid, grants.aux_uuid
