{#-
  All that opens, changes or ends an access: of a person to a vault, of a group to a vault, of a person to a group. What
  ends with a vault, a group or a person is inferred, and stands here once for each pair that was ever seen.
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

listed as (
  select
    case lower(baseline.grantee_type) when 'group' then 'group vault' else 'user vault' end as kind,
    baseline.vault_uuid as container_uuid,
    baseline.grantee_uuid as holder_uuid,
    cast(null as {{ dbt.type_string() }}) as role
  from {{ onepassword_input('baseline_vault_access') }} as baseline
  union all
  select 'membership', baseline.group_uuid, baseline.user_uuid, lower(baseline.role)
  from {{ onepassword_input('baseline_group_members') }} as baseline
),

baseline as (
  select
    listed.kind,
    listed.container_uuid,
    listed.holder_uuid,
    max(case when listed.role in ('manager', 'member') then listed.role end) as role
  from listed
  where listed.container_uuid is not null
    and listed.holder_uuid is not null
  group by listed.kind, listed.container_uuid, listed.holder_uuid
),

pairs as (
  select distinct explicit.kind, explicit.container_uuid, explicit.holder_uuid from explicit
  union distinct
  select baseline.kind, baseline.container_uuid, baseline.holder_uuid from baseline
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
),

{#- When the log shows a vault, a group or a person begin; a person may join again. #}
beginnings as (
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
),

{#- The first thing that happened to each pair while the lists of the baseline were being read. #}
told as (
  select ranked.kind, ranked.container_uuid, ranked.holder_uuid, ranked.event_uuid, ranked.effect
  from (
    select
      happened.*,
      row_number() over (
        partition by happened.kind, happened.container_uuid, happened.holder_uuid
        {#- What is opened and changed in one instant is opened first. #}
        order by
          happened.occurred_at,
          case happened.effect when 'change' then 1 else 0 end,
          {{ onepassword_ordered('happened.event_uuid') }}
      ) as first_one
    from (
      select explicit.kind, explicit.container_uuid, explicit.holder_uuid, explicit.occurred_at, explicit.event_uuid, explicit.effect
      from explicit
      union all
      select inferred.kind, inferred.container_uuid, inferred.holder_uuid, inferred.occurred_at, inferred.event_uuid, 'inferred close'
      from inferred
      where not inferred.is_undated
    ) as happened
    cross join {{ ref('int_onepassword__settings') }} as settings
    where {{ onepassword_while_listed('happened.occurred_at') }}
  ) as ranked
  where ranked.first_one = 1
),

{#-
  A baseline is the truth at its time: what it lists is open from there on, and what it does not list is not. It says
  nothing of what began later, nor of a pair whose first event after it tells more: what is closed or changed was open, and
  what is opened was not.
#}
at_baseline as (
  select
    pairs.kind,
    pairs.container_uuid,
    pairs.holder_uuid,
    baseline.role,
    baseline.container_uuid is not null as is_listed,
    settings.baseline_as_of,
    case
      when containers.began_at > settings.baseline_as_of and coalesce(holders.began_at <= containers.began_at, true) then containers.began_at
      when holders.began_at > settings.baseline_as_of then holders.began_at
    end as began_later_at,
    told.effect as told_effect,
    told.event_uuid as told_event_uuid
  from pairs
  cross join {{ ref('int_onepassword__settings') }} as settings
  left join baseline
    on pairs.kind = baseline.kind
    and pairs.container_uuid = baseline.container_uuid
    and pairs.holder_uuid = baseline.holder_uuid
  left join beginnings as containers
    on pairs.container_uuid = containers.begun_uuid
    and containers.began_at = containers.first_began_at
  left join beginnings as holders
    on pairs.holder_uuid = holders.begun_uuid
    and holders.began_at = holders.first_began_at
  left join told
    on pairs.kind = told.kind
    and pairs.container_uuid = told.container_uuid
    and pairs.holder_uuid = told.holder_uuid
  where settings.baseline_as_of is not null
    and (
      (pairs.kind = 'membership' and {{ 'true' if onepassword_has_input('baseline_group_members') else 'false' }})
      or (pairs.kind <> 'membership' and {{ 'true' if onepassword_has_input('baseline_vault_access') else 'false' }})
    )
),

effects as (
  select
    explicit.kind, explicit.container_uuid, explicit.holder_uuid, explicit.occurred_at, explicit.event_uuid,
    explicit.effect, explicit.cause, explicit.role, explicit.actor_uuid, explicit.holder_name, explicit.holder_email, false as is_undated
  from explicit
  union all
  select
    inferred.kind, inferred.container_uuid, inferred.holder_uuid, inferred.occurred_at, inferred.event_uuid,
    'inferred close', inferred.cause, {{ no_text }}, inferred.actor_uuid, {{ no_text }}, {{ no_text }}, inferred.is_undated
  from inferred
  {#- A vault or group that began while the lists were being read is listed from its beginning on. #}
  union all
  select
    listed.kind, listed.container_uuid, listed.holder_uuid,
    case
      when listed.began_later_at <= {{ onepassword_add_hours('listed.baseline_as_of', 1) }} then listed.began_later_at
      else listed.baseline_as_of
    end,
    {{ no_text }}, 'in baseline', {{ no_text }}, listed.role, {{ no_text }}, {{ no_text }}, {{ no_text }}, false
  from at_baseline as listed
  where listed.is_listed
    and coalesce(listed.told_effect <> 'open', true)
  union all
  select
    shown.kind, shown.container_uuid, shown.holder_uuid, shown.baseline_as_of, shown.told_event_uuid, 'open at baseline',
    {{ no_text }}, {{ no_text }}, {{ no_text }}, {{ no_text }}, {{ no_text }}, false
  from at_baseline as shown
  where not shown.is_listed
    and shown.told_effect in ('close', 'change')
    and shown.began_later_at is null
  union all
  select
    missing.kind, missing.container_uuid, missing.holder_uuid, missing.baseline_as_of, {{ no_text }}, 'not in baseline',
    'not in baseline', {{ no_text }}, {{ no_text }}, {{ no_text }}, {{ no_text }}, false
  from at_baseline as missing
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
left join beginnings as containers
  on effects.container_uuid = containers.begun_uuid
  and effects.occurred_at >= containers.began_at
  and effects.occurred_at < containers.next_began_at
left join beginnings as holders
  on effects.holder_uuid = holders.begun_uuid
  and effects.occurred_at >= holders.began_at
  and effects.occurred_at < holders.next_began_at
