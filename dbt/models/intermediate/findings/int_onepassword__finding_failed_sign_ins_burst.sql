{{ onepassword_finding_config('failed_sign_ins_burst') }}
{% set count = onepassword_threshold('failed_sign_ins') | int %}
{% set minutes = onepassword_threshold('failed_sign_ins_minutes') %}

with failures as (
  select
    attempts.user_uuid as who,
    attempts.user_uuid as subject_uuid,
    coalesce(attempts.user_name, attempts.user_email) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    '{{ count }} times within {{ minutes }} minutes' as detail,
    attempts.event_uuid,
    attempts.occurred_at
  from {{ ref('onepassword__sign_ins') }} as attempts
  where attempts.outcome = 'failure'
),

events as (
  {{ onepassword_bursts('failures', 'failures.who', count, minutes * 60) }}
)

{{ onepassword_finding('failed_sign_ins_burst', stream="'sign_in_attempts'") }}
