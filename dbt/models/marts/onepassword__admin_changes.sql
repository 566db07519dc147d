with events as (
  select
    meanings.*,
    coalesce(
      meanings.template, '{actor} did "{action}" to the {type} {object}, whose meaning is not known'
    ) as sentence_template
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  where meanings.is_administrative
)

select
  events.event_uuid,
  events.occurred_at,
  events.area,
  {{ onepassword_event_sentence('events.sentence_template') }} as sentence,
  events.severity,
  events.certainty,
  events.actor_uuid,
  events.actor_name,
  events.actor_email,
  events.object_uuid as target_uuid,
  coalesce(events.object_name, events.object_email, case when events.object_type = 'invite' then events.aux_info end) as target_name,
  events.aux_uuid as beneficiary_uuid,
  coalesce(events.aux_name, events.aux_email) as beneficiary_name,
  events.object_type,
  events.action,
  events.session_uuid,
  events.ip,
  events.country,
  events.city,
  events.account_uuid
from events
