{%- set kinds = [
  'pairs', 'second_factors_added', 'invited_by_hand', 'invited_from_another_domain', 'joined_privileged_group',
  'privileged_vault_access_changed', 'self_grants', 'took_secret', 'vault_exported_by_newcomer', 'vault_exported_before_leaving',
  'items_taken_in_a_burst', 'many_vaults_opened', 'used_without_access', 'used_after_suspension', 'signed_in_after_suspension', 'acted_after_suspension',
  'access_left_after_removal', 'dormant_with_access', 'leaver_cut_off_late', 'failed_sign_ins_burst',
  'failed_sign_ins_burst_by_address', 'failures_then_success', 'new_country', 'impossible_travel', 'unknown_app', 'new_app',
  'session_from_two_addresses', 'feed_silent', 'change_not_in_log',
] %}

with findings as (
  {%- for kind in kinds %}
  select
    found.rule, found.window_key, found.severity, found.subject_uuid, found.subject, found.sentence,
    found.first_at, found.last_at, found.events, found.event_uuids, found.is_in_period, found.period_audit_events,
    found.period_sign_in, found.period_item_use
  from {{ ref('int_onepassword__finding_' ~ kind) }} as found
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
