with events as (
  select
    grants.event_uuid as window_key,
    grants.subject_uuid,
    grants.subject,
    grants.object,
    grants.detail,
    grants.event_uuid,
    grants.occurred_at
  from {{ ref('int_onepassword__self_grants') }} as grants
  where grants.rule = 'gave_oneself_a_group'
)

{{ onepassword_finding('gave_oneself_a_group') }}
