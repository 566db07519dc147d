{{ onepassword_finding_config('vault_exported_by_newcomer') }}
{% set days = onepassword_threshold('newcomer_days') %}

{#- Two joinings within the days make one finding. -#}
with events as (
  select distinct
    meanings.event_uuid as window_key,
    meanings.actor_uuid as subject_uuid,
    coalesce(meanings.actor_name, meanings.actor_email) as subject,
    coalesce(meanings.object_name, meanings.object_uuid) as object,
    '{{ days }}' as detail,
    meanings.event_uuid,
    meanings.occurred_at
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  inner join {{ ref('int_onepassword__joinings') }} as joinings
    on meanings.actor_uuid = joinings.user_uuid
    and joinings.joined_at <= meanings.occurred_at
    and meanings.occurred_at <= {{ onepassword_add_days('joinings.joined_at', days) }}
  where meanings.object_type = 'vault'
    and meanings.action = 'export'
)

{{ onepassword_finding('vault_exported_by_newcomer') }}
