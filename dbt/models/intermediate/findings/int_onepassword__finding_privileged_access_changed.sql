{{ onepassword_finding_config('privileged_access_changed') }}
with group_changes as (
  select
    meanings.event_uuid as window_key,
    meanings.aux_uuid as subject_uuid,
    coalesce(meanings.aux_name, meanings.aux_email) as subject,
    coalesce(meanings.object_name, meanings.object_uuid) as object,
    case when meanings.action = 'join' then 'was added to' else 'was made a manager of' end as detail,
    meanings.event_uuid,
    meanings.occurred_at
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  inner join (
    select distinct listed.uuid from {{ onepassword_input('privileged_groups') }} as listed
  ) as privileged on meanings.object_uuid = privileged.uuid
  where meanings.object_type = 'gm'
    and (meanings.action = 'join' or (meanings.action = 'role' and meanings.aux_info = 'A'))
),

vault_changes as (
  select
    meanings.event_uuid as window_key,
    meanings.actor_uuid as subject_uuid,
    coalesce(meanings.actor_name, meanings.actor_email) as subject,
    coalesce(meanings.object_name, meanings.object_uuid) as object,
    {%- set holder = "coalesce(meanings.aux_name, meanings.aux_email, meanings.aux_uuid, '(not known)')" %}
    case meanings.action
      when 'grant' then {{ dbt.concat(["'gave '", holder, "' access to'"]) }}
      when 'update' then {{ dbt.concat(["'changed the permissions of '", holder, "' in'"]) }}
      else {{ dbt.concat(["'took away the access of '", holder, "' to'"]) }}
    end as detail,
    meanings.event_uuid,
    meanings.occurred_at
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  inner join (
    select distinct listed.uuid from {{ onepassword_input('privileged_vaults') }} as listed
  ) as privileged on meanings.object_uuid = privileged.uuid
  where meanings.object_type in ('uva', 'gva')
    and meanings.action in ('grant', 'update', 'revoke')
)

{{ onepassword_finding('joined_privileged_group', events='group_changes') }}
union all
{{ onepassword_finding('privileged_vault_access_changed', events='vault_changes') }}
