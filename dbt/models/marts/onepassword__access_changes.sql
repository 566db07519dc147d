{#- A path whose start nobody saw is not called gained; when one ended that a baseline lacks, nobody knows, so it is not called lost. -#}
with changes as (
  select paths.*, 'gained' as change, paths.since as changed_at, paths.opened_by_uuid as changed_by_uuid
  from {{ ref('int_onepassword__access_paths') }} as paths
  where paths.since >= {{ onepassword_evidence_from() }}
    and paths.since < {{ onepassword_evidence_to() }}
  union all
  select paths.*, 'lost' as change, paths.ended_at as changed_at, paths.ended_by_uuid as changed_by_uuid
  from {{ ref('int_onepassword__access_paths') }} as paths
  where paths.ended_at >= {{ onepassword_evidence_from() }}
    and paths.ended_at < {{ onepassword_evidence_to() }}
    and paths.ended_by <> 'not in baseline'
)

select
  {{ onepassword_key(['changes.change', 'changes.vault_uuid', 'changes.user_uuid', 'changes.path', 'changes.group_uuid', onepassword_microseconds('changes.changed_at'), 'changes.grant_event_uuid', 'changes.membership_event_uuid']) }} as access_change_id,
  changes.change,
  changes.vault_uuid,
  vault_names.name as vault_name,
  changes.user_uuid,
  people.user_name,
  people.user_email,
  changes.path,
  changes.group_uuid,
  group_names.name as group_name,
  changes.changed_at,
  changes.changed_by_uuid,
  case changes.change when 'lost' then changes.ended_by end as ended_by,
  changes.basis,
  changes.grant_event_uuid,
  changes.membership_event_uuid,
  changes.last_event_uuid,
  changes.is_order_ambiguous,
  settings.account_uuid
from changes
cross join {{ ref('int_onepassword__settings') }} as settings
left join {{ ref('int_onepassword__people') }} as people on changes.user_uuid = people.user_uuid
left join {{ ref('int_onepassword__names') }} as vault_names
  on changes.vault_uuid = vault_names.uuid
  and vault_names.kind = 'vault'
left join {{ ref('int_onepassword__names') }} as group_names
  on changes.group_uuid = group_names.uuid
  and group_names.kind = 'group'
