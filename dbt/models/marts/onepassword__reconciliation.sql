{#- What the log alone said at the baseline's time, beside what the baseline says. -#}
{% set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}

{#- Of what changed while the lists were being read, they may show what was before or after. #}
with changed_meanwhile as (
  select distinct
    events.kind,
    events.container_uuid,
    events.holder_uuid
  from {{ ref('int_onepassword__access_events') }} as events
  cross join {{ ref('int_onepassword__settings') }} as settings
  where events.effect in ('open', 'change', 'close', 'inferred close')
    and {{ onepassword_while_listed('events.occurred_at') }}
  union distinct
  select 'member', {{ no_text }}, events.object_uuid
  from {{ ref('int_onepassword__audit_events') }} as events
  cross join {{ ref('int_onepassword__settings') }} as settings
  where events.object_type = 'user'
    and events.action in ('join', 'activate', 'suspend', 'reactive', 'delete', 'leave')
    and events.object_uuid is not null
    and {{ onepassword_while_listed('events.occurred_at') }}
),

from_log as (
  select
    case when intervals.kind = 'membership' then 'group membership' else 'vault access' end as what,
    case when intervals.kind <> 'membership' then intervals.container_uuid end as vault_uuid,
    case intervals.kind
      when 'membership' then intervals.container_uuid
      when 'group vault' then intervals.holder_uuid
    end as group_uuid,
    case when intervals.kind <> 'group vault' then intervals.holder_uuid end as user_uuid
  from {{ ref('int_onepassword__intervals') }} as intervals
  cross join {{ ref('int_onepassword__settings') }} as settings
  where intervals.basis <> 'baseline'
    and intervals.known_since <= settings.baseline_as_of
    and (
      intervals.ended_at is null
      or intervals.ended_at > settings.baseline_as_of
      or intervals.ended_by = 'not in baseline'
    )
    and (
      (intervals.kind = 'membership' and {{ 'true' if onepassword_has_input('baseline_group_members') else 'false' }})
      or (intervals.kind <> 'membership' and {{ 'true' if onepassword_has_input('baseline_vault_access') else 'false' }})
    )

  union all
  select 'member', {{ no_text }}, {{ no_text }}, people.user_uuid
  from {{ ref('int_onepassword__people') }} as people
  cross join {{ ref('int_onepassword__settings') }} as settings
  left join (
    select
      logged.user_uuid,
      logged.status,
      row_number() over (
        partition by logged.user_uuid
        order by logged.started_at desc, {{ onepassword_ordered('logged.event_uuid') }} desc
      ) as newest_first
    from {{ ref('int_onepassword__member_statuses') }} as logged
    cross join {{ ref('int_onepassword__settings') }} as settings
    where logged.action <> 'baseline'
      and logged.started_at <= settings.baseline_as_of
  ) as statuses
    on people.user_uuid = statuses.user_uuid
    and statuses.newest_first = 1
  where {{ 'true' if onepassword_has_input('baseline_members') else 'false' }}
    and people.kind not in ('service account', 'external')
    and coalesce(
      case when statuses.status in ('active', 'suspended') then 1 when statuses.status is not null then 0 end,
      case when people.acted_at <= settings.baseline_as_of then 1 else 0 end
    ) = 1
),

from_baseline as (
  select
    'vault access' as what,
    baseline.vault_uuid,
    case when lower(baseline.grantee_type) = 'group' then baseline.grantee_uuid end as group_uuid,
    case when lower(baseline.grantee_type) = 'group' then {{ no_text }} else baseline.grantee_uuid end as user_uuid
  from {{ onepassword_input('baseline_vault_access') }} as baseline
  where baseline.as_of <= {{ onepassword_as_of() }}
    and baseline.vault_uuid is not null
    and baseline.grantee_uuid is not null
  union all
  select 'group membership', {{ no_text }}, baseline.group_uuid, baseline.user_uuid
  from {{ onepassword_input('baseline_group_members') }} as baseline
  where baseline.as_of <= {{ onepassword_as_of() }}
    and baseline.group_uuid is not null
    and baseline.user_uuid is not null
  union all
  select 'member', {{ no_text }}, {{ no_text }}, baseline.user_uuid
  from {{ onepassword_input('baseline_members') }} as baseline
  where baseline.as_of <= {{ onepassword_as_of() }}
    and coalesce(lower(baseline.status), 'unknown') <> 'removed'
    and baseline.user_uuid is not null
),

sides as (
  select from_log.what, from_log.vault_uuid, from_log.group_uuid, from_log.user_uuid, 1 as is_in_log, 0 as is_in_baseline
  from from_log
  union all
  select from_baseline.what, from_baseline.vault_uuid, from_baseline.group_uuid, from_baseline.user_uuid, 0, 1
  from from_baseline
),

meanwhile as (
  select
    case changed.kind when 'membership' then 'group membership' when 'member' then 'member' else 'vault access' end as what,
    case when changed.kind in ('user vault', 'group vault') then changed.container_uuid end as vault_uuid,
    case changed.kind when 'membership' then changed.container_uuid when 'group vault' then changed.holder_uuid end as group_uuid,
    case when changed.kind <> 'group vault' then changed.holder_uuid end as user_uuid
  from changed_meanwhile as changed
),

compared as (
  select
    sides.what, sides.vault_uuid, sides.group_uuid, sides.user_uuid,
    max(sides.is_in_log) as is_in_log,
    max(sides.is_in_baseline) as is_in_baseline
  from sides
  group by sides.what, sides.vault_uuid, sides.group_uuid, sides.user_uuid
)

select
  compared.what,
  compared.vault_uuid,
  compared.group_uuid,
  compared.user_uuid,
  case
    when compared.is_in_log = 1 and compared.is_in_baseline = 1 then 'both'
    when compared.is_in_log = 1 then 'only in log'
    else 'only in baseline'
  end as agrees,
  settings.baseline_as_of,
  settings.account_uuid
from compared
cross join {{ ref('int_onepassword__settings') }} as settings
left join meanwhile
  on compared.what = meanwhile.what
  and coalesce(compared.vault_uuid, '') = coalesce(meanwhile.vault_uuid, '')
  and coalesce(compared.group_uuid, '') = coalesce(meanwhile.group_uuid, '')
  and coalesce(compared.user_uuid, '') = coalesce(meanwhile.user_uuid, '')
where meanwhile.what is null
