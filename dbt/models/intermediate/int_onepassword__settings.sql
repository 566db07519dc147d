{% set baselines = ['baseline_members', 'baseline_group_members', 'baseline_vault_access'] %}

{#- Two baselines of different times would describe an account that never was, and one without a time none that ever was. -#}
{% if execute and flags.INTROSPECT and flags.WHICH in ['run', 'build'] and model.resource_type == 'model' %}
  {% set times %}
    select count(distinct baselines.as_of) as times, count(*) - count(baselines.as_of) as undated_rows
    from (
      {% for baseline in baselines %}
      select baseline.as_of from {{ onepassword_input_as_supplied(baseline) }} as baseline {{ 'union all' if not loop.last }}
      {% endfor %}
    ) as baselines
  {% endset %}
  {% set counted = run_query(times).rows[0] %}
  {% if counted[1] > 0 %}
    {{ exceptions.raise_compiler_error('The inputs ' ~ baselines | join(', ') ~ ' hold rows without as_of: ' ~ counted[1] | int ~ '. Write the time of the export into every row.') }}
  {% elif counted[0] > 1 %}
    {{ exceptions.raise_compiler_error('The inputs ' ~ baselines | join(', ') ~ ' hold more than one as_of. Take all of them from one export, with one as_of in every row.') }}
  {% endif %}
{% endif %}

with baselines as (
  {% for baseline in baselines %}
  select baseline.as_of from {{ onepassword_input_as_supplied(baseline) }} as baseline {{ 'union all' if not loop.last }}
  {% endfor %}
),

known as (
  select
    (
      select max(accounts.account_uuid)
      from {{ ref('int_onepassword__accounts') }} as accounts
      {{ "where lower(accounts.account_uuid) = '" ~ onepassword_chosen_account() ~ "'" if onepassword_chosen_account() }}
    ) as account_uuid,
    {{ onepassword_as_of() }} as as_of,
    {{ onepassword_evidence_from() }} as evidence_from,
    {{ onepassword_evidence_to() }} as evidence_to,
    (select max(baselines.as_of) from baselines where baselines.as_of <= {{ onepassword_as_of() }}) as baseline_as_of,
    (select min(events.occurred_at) from {{ ref('int_onepassword__audit_events') }} as events) as log_start
),

{#- A baseline older than the log leaves a stretch of time unseen, and so covers nothing. #}
covered as (
  select known.*, case when known.baseline_as_of >= known.log_start then known.baseline_as_of end as covered_from
  from known
)

select
  covered.account_uuid,
  covered.as_of,
  covered.evidence_from,
  covered.evidence_to,
  covered.log_start,
  covered.baseline_as_of,
  {% set covering = {
    'members_covered_from': onepassword_has_input('baseline_members'),
    'group_members_covered_from': onepassword_has_input('baseline_group_members'),
    'grants_covered_from': onepassword_has_input('baseline_vault_access'),
    'access_covered_from': onepassword_has_input('baseline_group_members') and onepassword_has_input('baseline_vault_access'),
  } %}
  {% for column, is_supplied in covering.items() -%}
  case when {{ 'true' if is_supplied else 'false' }} then covered.covered_from end as {{ column }}{{ ',' if not loop.last }}
  {% endfor %}
from covered
