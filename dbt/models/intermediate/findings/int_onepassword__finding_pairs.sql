{{ onepassword_finding_config('pairs') }}
{#- The rules for which a pair of object type and action is enough: each event is a finding. -#}
select
  pair_rules.rule,
  events.event_uuid as window_key,
  pair_rules.severity,
  case when pair_rules.rule = 'own_second_factor_off' then events.object_uuid else events.actor_uuid end as subject_uuid,
  case
    when pair_rules.rule = 'own_second_factor_off' then coalesce(events.object_name, events.object_email)
    else coalesce(events.actor_name, events.actor_email)
  end as subject,
  {{ onepassword_event_sentence('pair_rules.sentence') }} as sentence,
  events.occurred_at as first_at,
  events.occurred_at as last_at,
  1 as events,
  events.event_uuid as event_uuids,
  {{ onepassword_finding_period(onepassword_in_period('events.occurred_at'), 'events.event_uuid') }}
from {{ ref('int_onepassword__audit_meanings') }} as events
inner join {{ ref('onepassword_pair_rules') }} as pair_rules
  on events.object_type = pair_rules.object_type
  and events.action = pair_rules.action
