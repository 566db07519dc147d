{{ onepassword_finding_config('signed_in_after_suspension') }}
with events as (
  select
    absences.absence_key as window_key,
    absences.user_uuid as subject_uuid,
    absences.subject,
    cast(null as {{ dbt.type_string() }}) as object,
    absences.status as detail,
    attempts.event_uuid,
    attempts.occurred_at
  from {{ ref('int_onepassword__absences') }} as absences
  inner join {{ ref('onepassword__sign_ins') }} as attempts
    on absences.user_uuid = attempts.user_uuid
    and attempts.outcome = 'success'
    and attempts.occurred_at > absences.known_since
    and (absences.ended_at is null or attempts.occurred_at < absences.ended_at)
)

{{ onepassword_finding('signed_in_after_suspension', stream="'sign_in_attempts'") }}
