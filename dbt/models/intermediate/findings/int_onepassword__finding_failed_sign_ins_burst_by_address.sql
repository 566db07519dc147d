{{ onepassword_finding_config('failed_sign_ins_burst_by_address') }}
{% set count = onepassword_threshold('failed_sign_ins') | int %}
{% set minutes = onepassword_threshold('failed_sign_ins_minutes') %}

with failures as (
  select
    coalesce(addresses.key, attempts.ip) as who,
    cast(null as {{ dbt.type_string() }}) as subject_uuid,
    min({{ onepassword_ordered('attempts.ip') }}) over (partition by coalesce(addresses.key, attempts.ip)) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    '{{ count }} times within {{ minutes }} minutes' as detail,
    attempts.event_uuid,
    attempts.occurred_at
  from {{ ref('onepassword__sign_ins') }} as attempts
  left join {{ ref('int_onepassword__ip_addresses') }} as addresses on attempts.ip = addresses.address
  where attempts.outcome = 'failure'
),

events as (
  {{ onepassword_bursts('failures', 'failures.who', count, minutes * 60) }}
)

{{ onepassword_finding('failed_sign_ins_burst_by_address', stream="'sign_in_attempts'") }}
