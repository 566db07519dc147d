{{ onepassword_finding_config('joined_privileged_group') }}
with events as (
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
)

{{ onepassword_finding('joined_privileged_group') }}
