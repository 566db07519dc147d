{{ config(materialized='view') }}

select
  {{ onepassword_key(['paths.vault_uuid', 'paths.user_uuid', 'paths.path', 'paths.group_uuid']) }} as current_vault_access_id,
  paths.vault_uuid,
  vault_names.name as vault_name,
  paths.user_uuid,
  people.user_name,
  people.user_email,
  people.kind as user_kind,
  people.acted_at,
  paths.path,
  paths.group_uuid,
  group_names.name as group_name,
  {#- A way through a group has the group's permissions. #}
  case paths.path when 'group' then 'group vault' else 'user vault' end as grant_kind,
  coalesce(paths.group_uuid, paths.user_uuid) as grant_holder_uuid,
  paths.since,
  paths.known_since,
  coalesce(paths.lower_bound, settings.log_start) as open_from,
  paths.ended_at,
  paths.basis,
  paths.opened_by_uuid as given_by_uuid,
  paths.grant_event_uuid,
  paths.membership_event_uuid,
  paths.is_order_ambiguous,
  vault_creators.user_uuid is not null or group_creators.user_uuid is not null as is_by_creation,
  settings.account_uuid
from {{ ref('int_onepassword__access_paths') }} as paths
cross join {{ ref('int_onepassword__settings') }} as settings
left join {{ ref('int_onepassword__people') }} as people on paths.user_uuid = people.user_uuid
left join {{ ref('int_onepassword__names') }} as vault_names
  on paths.vault_uuid = vault_names.uuid
  and vault_names.kind = 'vault'
left join {{ ref('int_onepassword__names') }} as group_names
  on paths.group_uuid = group_names.uuid
  and group_names.kind = 'group'
left join {{ ref('int_onepassword__creators') }} as vault_creators
  on paths.vault_uuid = vault_creators.created_uuid
  and paths.user_uuid = vault_creators.user_uuid
  and paths.path = 'direct'
  and vault_creators.kind = 'vault'
left join {{ ref('int_onepassword__creators') }} as group_creators
  on paths.group_uuid = group_creators.created_uuid
  and paths.user_uuid = group_creators.user_uuid
  and group_creators.kind = 'group'
