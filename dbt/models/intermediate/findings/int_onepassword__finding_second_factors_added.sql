{{ onepassword_finding_config('second_factors_added') }}
{% set hours = onepassword_threshold('second_factors_added_hours') %}

with additions as (
  select
    meanings.object_uuid as subject_uuid,
    coalesce(meanings.object_name, meanings.object_email) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    '{{ hours }}' as detail,
    meanings.event_uuid,
    meanings.occurred_at
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  where meanings.object_type = 'user'
    and meanings.action in ('enblmfa', 'enblduo')
),

events as (
  {{ onepassword_bursts('additions', 'additions.subject_uuid', onepassword_threshold('second_factors_added'), hours * 3600) }}
)

{{ onepassword_finding('second_factors_added') }}
