{#-
  All that the log tells of an access, that it opens, changes or ends: of a person to a vault, of a group to a vault, of a
  person to a group. What ends with a vault, a group or a person is inferred, and stands here once for each pair that was
  ever seen or listed.
-#}
{% set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}

with explicit as (
  select
    case events.object_type when 'uva' then 'user vault' when 'gva' then 'group vault' else 'membership' end as kind,
    events.object_uuid as container_uuid,
    events.aux_uuid as holder_uuid,
    events.occurred_at,
    events.event_uuid,
    case
      when events.action in ('grant', 'join') then 'open'
      when events.action in ('update', 'role') then 'change'
      else 'close'
    end as effect,
    case events.action when 'revoke' then 'revoked' when 'leave' then 'left' end as cause,
    case when events.object_type = 'gm' then case events.aux_info when 'A' then 'manager' when 'R' then 'member' end end as role,
    events.actor_uuid,
    events.aux_name as holder_name,
    events.aux_email as holder_email
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.object_uuid is not null
    and events.aux_uuid is not null
    and (
      (events.object_type in ('uva', 'gva') and events.action in ('grant', 'update', 'revoke'))
      or (events.object_type = 'gm' and events.action in ('join', 'role', 'leave'))
    )
),

pairs as (
  select distinct explicit.kind, explicit.container_uuid, explicit.holder_uuid from explicit
  union distinct
  select
    case lower(baseline.grantee_type) when 'group' then 'group vault' else 'user vault' end,
    baseline.vault_uuid,
    baseline.grantee_uuid
  from {{ onepassword_input('baseline_vault_access') }} as baseline
  union distinct
  select 'membership', baseline.group_uuid, baseline.user_uuid
  from {{ onepassword_input('baseline_group_members') }} as baseline
),

endings as (
  select
    case when events.object_type in ('user', 'sa') then 'user' else events.object_type end as what,
    events.object_uuid as ended_uuid,
    events.occurred_at,
    events.event_uuid,
    events.actor_uuid,
    false as is_undated
  from {{ ref('int_onepassword__audit_events') }} as events
  where (events.object_type in ('vault', 'group', 'sa') and events.action = 'delete')
    or (events.object_type = 'user' and events.action in ('delete', 'leave'))
  union all
  select
    case when undated.object_type in ('user', 'sa') then 'user' else undated.object_type end,
    undated.object_uuid, undated.known_at, undated.event_uuid, undated.actor_uuid, true
  from {{ ref('int_onepassword__undated_ends') }} as undated
  where undated.action in ('delete', 'leave')
    and undated.object_type in ('vault', 'group', 'sa', 'user')
),

inferred as (
  select pairs.*, endings.occurred_at, endings.event_uuid, endings.actor_uuid, endings.is_undated, 'vault deleted' as cause
  from endings
  inner join pairs on endings.ended_uuid = pairs.container_uuid
  where endings.what = 'vault'
    and pairs.kind in ('user vault', 'group vault')
  union all
  select pairs.*, endings.occurred_at, endings.event_uuid, endings.actor_uuid, endings.is_undated, 'group deleted' as cause
  from endings
  inner join pairs on endings.ended_uuid = pairs.container_uuid
  where endings.what = 'group'
    and pairs.kind = 'membership'
  union all
  select
    pairs.*, endings.occurred_at, endings.event_uuid, endings.actor_uuid, endings.is_undated,
    case endings.what when 'group' then 'group deleted' else 'user removed' end as cause
  from endings
  inner join pairs on endings.ended_uuid = pairs.holder_uuid
  where (endings.what = 'group' and pairs.kind = 'group vault')
    or (endings.what = 'user' and pairs.kind in ('user vault', 'membership'))
  {#- Without a time, a revoke can only end what other events show. #}
  union all
  select
    pairs.*, undated.known_at, undated.event_uuid, undated.actor_uuid, true,
    case undated.action when 'leave' then 'left' else 'revoked' end
  from {{ ref('int_onepassword__undated_ends') }} as undated
  inner join pairs
    on undated.object_uuid = pairs.container_uuid
    and undated.aux_uuid = pairs.holder_uuid
    and pairs.kind = case undated.object_type when 'uva' then 'user vault' when 'gva' then 'group vault' when 'gm' then 'membership' end
)

select
  explicit.kind, explicit.container_uuid, explicit.holder_uuid, explicit.occurred_at, explicit.event_uuid,
  explicit.effect, explicit.cause, explicit.role, explicit.actor_uuid, explicit.holder_name, explicit.holder_email, false as is_undated
from explicit
union all
select
  inferred.kind, inferred.container_uuid, inferred.holder_uuid, inferred.occurred_at, inferred.event_uuid,
  'inferred close', inferred.cause, {{ no_text }}, inferred.actor_uuid, {{ no_text }}, {{ no_text }}, inferred.is_undated
from inferred
