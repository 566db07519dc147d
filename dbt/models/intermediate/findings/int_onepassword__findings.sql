with findings as (
  {%- for finding in onepassword_known_rules() if not onepassword_is_disabled(finding) %}
  select
    found.rule, found.window_key, found.severity, found.subject_uuid, found.subject, found.sentence,
    found.first_at, found.last_at, found.events, found.event_uuids, found.is_in_period, found.period_audit_events,
    found.period_sign_in, found.period_item_use
  from {{ ref('int_onepassword__finding_' ~ finding) }} as found
  {{ 'union all' if not loop.last }}
  {%- endfor %}
)

select
  {{ onepassword_hash(dbt.concat(['findings.rule', "'|'", "coalesce(findings.subject_uuid, findings.subject, '')", "'|'", 'findings.window_key'])) }} as finding_id,
  findings.rule,
  findings.severity,
  findings.first_at,
  findings.last_at,
  findings.subject_uuid,
  coalesce(findings.subject, findings.subject_uuid) as subject,
  findings.sentence,
  cast(findings.events as {{ dbt.type_bigint() }}) as events,
  findings.event_uuids,
  findings.is_in_period,
  findings.period_audit_events,
  findings.period_sign_in,
  findings.period_item_use
from findings
{%- if onepassword_disabled_rules() %}
where findings.rule not in ('{{ onepassword_disabled_rules() | join("', '") }}')
{%- endif %}
