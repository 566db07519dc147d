{{ onepassword_finding_config('invited_by_hand') }}
{#- People are provisioned from the first event that only provisioning writes, or the first sign-in of the SCIM Bridge. -#}
with provisioning as (
  select min(traces.occurred_at) as since
  from (
    select meanings.occurred_at
    from {{ ref('int_onepassword__audit_meanings') }} as meanings
    where meanings.object_type = 'user'
      and meanings.action in ('provsn', 'sendts', 'resendts', 'prsndall')
    union all
    select meanings.occurred_at
    from {{ ref('int_onepassword__audit_meanings') }} as meanings
    inner join {{ ref('int_onepassword__people') }} as actors on meanings.actor_uuid = actors.user_uuid
    where meanings.object_type = 'invite'
      and meanings.action = 'create'
      and actors.kind = 'service account'
    union all
    select attempts.occurred_at
    from {{ ref('onepassword__sign_ins') }} as attempts
    where attempts.app_name = '1Password SCIM Bridge'
      and attempts.outcome = 'success'
  ) as traces
),

events as (
  select
    meanings.event_uuid as window_key,
    meanings.actor_uuid as subject_uuid,
    coalesce(meanings.actor_name, meanings.actor_email) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    meanings.aux_info as detail,
    meanings.event_uuid,
    meanings.occurred_at
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  inner join {{ ref('int_onepassword__people') }} as actors on meanings.actor_uuid = actors.user_uuid
  cross join provisioning
  where meanings.object_type = 'invite'
    and meanings.action = 'create'
    and actors.kind <> 'service account'
    and meanings.occurred_at >= provisioning.since
)

{{ onepassword_finding('invited_by_hand') }}
