select
  (
    select max(accounts.account_uuid)
    from {{ ref('int_onepassword__accounts') }} as accounts
    {{ "where lower(accounts.account_uuid) = '" ~ onepassword_chosen_account() ~ "'" if onepassword_chosen_account() }}
  ) as account_uuid,
  {{ onepassword_as_of() }} as as_of,
  {{ onepassword_evidence_from() }} as evidence_from,
  {{ onepassword_evidence_to() }} as evidence_to,
  (select min(events.occurred_at) from {{ ref('int_onepassword__audit_events') }} as events) as log_start,
  (select max(baselines.as_of) from {{ ref('int_onepassword__baselines') }} as baselines) as baseline_as_of
