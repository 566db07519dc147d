select
  findings.finding_id,
  findings.rule,
  findings.severity,
  findings.first_at,
  findings.last_at,
  findings.subject_uuid,
  findings.subject,
  findings.sentence,
  findings.events,
  findings.event_uuids,
  findings.is_in_period,
  findings.period_audit_events,
  findings.period_sign_in,
  findings.period_item_use,
  found.first_found_at,
  coalesce(decisions.is_decided, false) as is_decided,
  decisions.decided_as,
  decisions.decision_reason,
  decisions.decided_by,
  decisions.decided_at,
  decisions.decided_until,
  settings.account_uuid
from {{ ref('int_onepassword__findings') }} as findings
cross join {{ ref('int_onepassword__settings') }} as settings
inner join {{ ref('int_onepassword__first_found') }} as found on findings.finding_id = found.finding_id
left join {{ ref('int_onepassword__decisions') }} as decisions on findings.finding_id = decisions.finding_id
