select
  {{ onepassword_key(['intervals.kind', 'intervals.container_uuid', 'intervals.holder_uuid', onepassword_microseconds('intervals.known_since'), 'intervals.first_event_uuid']) }} as vault_access_id,
  intervals.container_uuid as vault_uuid,
  vault_names.name as vault_name,
  case intervals.kind when 'user vault' then 'user' else 'group' end as grantee_type,
  intervals.holder_uuid as grantee_uuid,
  case intervals.kind
    when 'user vault' then coalesce(intervals.holder_name, people.user_name)
    else group_names.name
  end as grantee_name,
  case intervals.kind when 'user vault' then coalesce(intervals.holder_email, people.user_email) end as grantee_email,
  intervals.opened_at as granted_at,
  intervals.known_since,
  intervals.ended_at,
  intervals.ended_by,
  intervals.opened_by_uuid as granted_by_uuid,
  intervals.ended_by_uuid as revoked_by_uuid,
  intervals.first_event_uuid,
  intervals.last_event_uuid,
  intervals.basis,
  intervals.ended_at is null as is_current,
  intervals.is_order_ambiguous,
  case when creators.user_uuid is not null then 'access by creation' end as open_question,
  permissions.permissions,
  permissions.may_view_items,
  coverage.covered_from as coverage_from,
  settings.account_uuid
from {{ ref('int_onepassword__intervals') }} as intervals
cross join {{ ref('int_onepassword__settings') }} as settings
left join {{ ref('int_onepassword__people') }} as people
  on intervals.holder_uuid = people.user_uuid
  and intervals.kind = 'user vault'
left join {{ ref('int_onepassword__names') }} as vault_names
  on intervals.container_uuid = vault_names.uuid
  and vault_names.kind = 'vault'
left join {{ ref('int_onepassword__names') }} as group_names
  on intervals.holder_uuid = group_names.uuid
  and group_names.kind = 'group'
left join {{ ref('int_onepassword__creators') }} as creators
  on intervals.container_uuid = creators.created_uuid
  and intervals.holder_uuid = creators.user_uuid
  and creators.kind = 'vault'
  and intervals.kind = 'user vault'
{#- As they were at the end, if they were known until then. #}
left join {{ ref('int_onepassword__permissions') }} as permissions
  on intervals.kind = permissions.kind
  and intervals.container_uuid = permissions.container_uuid
  and intervals.holder_uuid = permissions.holder_uuid
  and permissions.known_from >= intervals.known_since
  and coalesce(permissions.known_to, {{ onepassword_end_of_time() }}) = coalesce(intervals.ended_at, {{ onepassword_end_of_time() }})
left join {{ ref('int_onepassword__coverage') }} as coverage
  on coverage.what = 'grants'
  and intervals.container_uuid = coverage.container_uuid
  and {{ onepassword_reaches('coverage', onepassword_as_of()) }}
where intervals.kind in ('user vault', 'group vault')
