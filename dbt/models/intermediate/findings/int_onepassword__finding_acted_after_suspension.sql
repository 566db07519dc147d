{{ onepassword_finding_config('acted_after_suspension') }}
{#-
  Audit events of people who are cut off, but for what machines write and what the cutting off itself brings about: an
  invitation of theirs that expires, and within an hour what takes their own access, devices and memberships away. Whoever
  reactivates themselves does so while suspended, although that ends it.
-#}
with events as (
  select
    absences.absence_key as window_key,
    absences.user_uuid as subject_uuid,
    absences.subject,
    cast(null as {{ dbt.type_string() }}) as object,
    absences.status as detail,
    meanings.event_uuid,
    meanings.occurred_at
  from {{ ref('int_onepassword__absences') }} as absences
  inner join {{ ref('int_onepassword__audit_meanings') }} as meanings
    on absences.user_uuid = meanings.actor_uuid
    and meanings.occurred_at > absences.known_since
    and (
      meanings.occurred_at < coalesce(absences.ended_at, {{ onepassword_end_of_time() }})
      or (
        meanings.occurred_at = absences.ended_at
        and meanings.object_type = 'user'
        and meanings.action = 'reactive'
        and meanings.object_uuid = meanings.actor_uuid
      )
    )
  where not (meanings.object_type = 'invite' and meanings.action = 'expire')
    and not (
      meanings.occurred_at <= {{ onepassword_add_hours('absences.known_since', 1) }}
      and (
        (meanings.object_type in ('uva', 'gm') and meanings.action in ('revoke', 'leave') and coalesce(meanings.aux_uuid = meanings.actor_uuid, false))
        or (
          meanings.object_type = 'user'
          and meanings.action in ('suspend', 'delete', 'leave', 'dealldev', 'deolddev')
          and coalesce(meanings.object_uuid = meanings.actor_uuid, false)
        )
        or (
          meanings.object_type = 'device'
          and meanings.action in ('delete', 'dealldev', 'deolddev')
          and coalesce(meanings.aux_uuid = meanings.actor_uuid, true)
        )
        or (meanings.object_type = 'cred' and meanings.action = 'delete')
        or (meanings.object_type = 'invite' and meanings.action = 'delete')
      )
    )
)

{{ onepassword_finding('acted_after_suspension') }}
