{{ onepassword_finding_config('self_grants') }}
{#- The three rules of access that somebody gave to themselves: each self-grant is a finding. -#}
select
  findings.rule,
  findings.event_uuid as window_key,
  rules.severity,
  findings.subject_uuid,
  findings.subject,
  {{ onepassword_finding_sentence('1') }} as sentence,
  findings.occurred_at as first_at,
  findings.occurred_at as last_at,
  1 as events,
  findings.event_uuid as event_uuids,
  {{ onepassword_finding_period(onepassword_in_period('findings.occurred_at'), 'findings.event_uuid') }}
from {{ ref('int_onepassword__self_grants') }} as findings
inner join {{ ref('onepassword_rules') }} as rules on findings.rule = rules.rule
