{{ onepassword_finding_config('used_after_suspension') }}
with events as (
  select
    absences.absence_key as window_key,
    absences.user_uuid as subject_uuid,
    absences.subject,
    cast(null as {{ dbt.type_string() }}) as object,
    absences.status as detail,
    uses.event_uuid,
    uses.occurred_at
  from {{ ref('int_onepassword__absences') }} as absences
  inner join {{ ref('int_onepassword__watched_uses') }} as uses
    on absences.user_uuid = uses.user_uuid
    and uses.occurred_at > absences.known_since
    and (absences.ended_at is null or uses.occurred_at < absences.ended_at)
)

{{ onepassword_finding('used_after_suspension', stream="'item_usages'") }}
