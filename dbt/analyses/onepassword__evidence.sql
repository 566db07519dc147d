{#-
  What the evidence report reads (npm run evidence). Compiled, it begins with `-- about: FACTS`, what was asked as JSON, and is then
  a list of queries: a line `-- query: NAME` starts each.
  Every query has an order of its own, so that the same marts give the same files. Where an auditor draws samples of the
  rows, a line `-- sample: RULE` follows, the rule as JSON, and the query that draws the sample.
  It asks for what the project builds. `left_out` in the facts maps each query that is not here to the models that it lacks.
-#}
{%- if execute -%}
{%- set from, to = onepassword_evidence_from(), onepassword_evidence_to() -%}
{%- set first, end = onepassword_evidence_from_time(), onepassword_evidence_to_time() -%}
{%- set is_quarter = first == onepassword_quarter_start(first) and end == onepassword_quarter_start(first + modules.datetime.timedelta(days=100)) -%}
{#- The name of the period: nobody chooses it. -#}
{%- set seed = first.strftime('%Y') ~ '-Q' ~ ((first.month + 2) // 3) if is_quarter
  else first.strftime('%Y-%m-%d') ~ ' to ' ~ (end - modules.datetime.timedelta(microseconds=1)).strftime('%Y-%m-%d') -%}
{%- set size = 25 -%}
{%- set needed = {
  'controls': ['onepassword__control_evidence'],
  'data coverage': ['onepassword__data_coverage'],
  'daily coverage': ['onepassword__daily_coverage'],
  'access gained and lost': ['onepassword__access_changes'],
  'joiners and leavers': ['onepassword__team_members', 'int_onepassword__leavers'],
  'findings': ['onepassword__findings'],
  'unclassified events': ['onepassword__unclassified_events'],
  'reconciliation': ['onepassword__reconciliation'],
  'baselines': ['int_onepassword__baselines'],
  'log confirmation': ['onepassword__log_confirmation'],
} -%}
{%- for name, definition in onepassword_populations().items() -%}
  {%- do needed.update({'population ' ~ name: [onepassword_population_model(definition.model)] + definition.get('also', [])}) -%}
{%- endfor -%}
{%- set left_out = {} -%}
{%- for query, models in needed.items() -%}
  {%- for name in models if not onepassword_ref(name) -%}
    {%- do left_out.update({query: left_out.get(query, []) + [name]}) -%}
  {%- endfor -%}
{%- endfor -%}
{%- set facts = {
  'package_version': onepassword_version(), 'adapter': target.type, 'variables': onepassword_variables(), 'left_out': left_out} -%}

-- about: {{ tojson(facts, sort_keys=true) }}
{%- if 'controls' not in left_out %}

-- query: controls
select controls.*
from {{ onepassword_ref('onepassword__control_evidence') }} as controls
order by controls.framework, controls.control
{%- endif %}
{%- if 'data coverage' not in left_out %}

-- query: data coverage
select coverage.*
from {{ onepassword_ref('onepassword__data_coverage') }} as coverage
order by coverage.stream
{%- endif %}
{%- if 'daily coverage' not in left_out %}

-- query: daily coverage
select coverage.*
from {{ onepassword_ref('onepassword__daily_coverage') }} as coverage
order by coverage.stream, coverage.day
{%- endif %}
{%- if 'access gained and lost' not in left_out %}

-- query: access gained and lost
select changes.*
from {{ onepassword_ref('onepassword__access_changes') }} as changes
order by
  changes.changed_at, changes.vault_uuid, changes.user_uuid, changes.path, changes.group_uuid, changes.change,
  changes.grant_event_uuid, changes.membership_event_uuid, changes.access_change_id
{%- endif %}
{%- if 'joiners and leavers' not in left_out %}

-- query: joiners and leavers
select members.*, leavers.left_on, leavers.gone_by, leavers.cut_off_due_at
from {{ onepassword_ref('onepassword__team_members') }} as members
left join (
  select
    departures.user_uuid,
    max(departures.left_on) as left_on,
    max(departures.gone_by) as gone_by,
    max({{ onepassword_add_hours('departures.gone_by', onepassword_threshold('leaver_cut_off_hours')) }}) as cut_off_due_at
  from {{ onepassword_ref('int_onepassword__leavers') }} as departures
  where departures.left_on < {{ to }}
  group by departures.user_uuid
) as leavers on members.user_uuid = leavers.user_uuid
where
  {%- for column in ['members.joined_at', 'members.suspended_at', 'members.removed_at', 'leavers.left_on'] %}
  ({{ column }} >= {{ from }} and {{ column }} < {{ to }}) {{ 'or' if not loop.last }}
  {%- endfor %}
order by members.user_uuid
{%- endif %}
{%- if 'findings' not in left_out %}

{#- As the controls count them. When they were first found is of the warehouse and not of the events. #}
{%- set found -%}
(
  select
    findings.finding_id, findings.rule, findings.severity, findings.first_at, findings.last_at, findings.subject_uuid, findings.subject,
    findings.sentence, findings.events, findings.event_uuids, findings.is_in_period, findings.period_audit_events,
    findings.period_sign_in, findings.period_item_use, findings.is_decided, findings.decided_as, findings.decision_reason,
    findings.decided_by, findings.decided_at, findings.decided_until, findings.account_uuid
  from {{ onepassword_ref('onepassword__findings') }} as findings
  where findings.is_in_period
)
{%- endset %}

-- query: findings
select findings.*
from {{ found }} as findings
order by findings.first_at, findings.finding_id
-- sample: {{ onepassword_sample_rule('onepassword__findings', seed, size) }}
{{ onepassword_sample_of(found, 'onepassword__findings', size, seed) }}
{%- endif %}
{%- if 'unclassified events' not in left_out %}

-- query: unclassified events
select unclassified.*
from {{ onepassword_ref('onepassword__unclassified_events') }} as unclassified
order by unclassified.stream, unclassified.object_type, unclassified.action
{%- endif %}
{%- if 'reconciliation' not in left_out %}

-- query: reconciliation
select reconciliation.*
from {{ onepassword_ref('onepassword__reconciliation') }} as reconciliation
order by
  reconciliation.as_of, reconciliation.what, reconciliation.vault_uuid, reconciliation.group_uuid, reconciliation.user_uuid, reconciliation.agrees
{%- endif %}
{%- if 'baselines' not in left_out %}

-- query: baselines
select
  baselines.as_of, baselines.finished_at, baselines.account_uuid, baselines.taken_by_uuid, baselines.taken_by_email, baselines.tool,
  baselines.members_count, baselines.groups_count, baselines.group_members_count, baselines.vaults_count, baselines.vault_access_count
from {{ onepassword_ref('int_onepassword__baselines') }} as baselines
order by baselines.as_of
{%- endif %}
{%- if 'log confirmation' not in left_out %}

-- query: log confirmation
select confirmation.*
from {{ onepassword_ref('onepassword__log_confirmation') }} as confirmation
order by confirmation.to_as_of, confirmation.kind
{%- endif %}

{%- set orders = {
  'onepassword__current_vault_access': ['vault_uuid', 'user_uuid', 'path', 'group_uuid', 'known_since'],
  'onepassword__team_members': ['user_uuid'],
  'onepassword__daily_coverage': ['stream', 'day'],
} %}
{%- for name, definition in onepassword_populations().items() if 'population ' ~ name not in left_out %}

-- query: population {{ name }}
select population.*
from {{ onepassword_population(name) }} as population
order by {% for column in orders.get(definition.model, ['occurred_at', 'event_uuid']) %}population.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
-- sample: {{ onepassword_sample_rule(definition.model, seed, size) }}
{{ onepassword_sample_of(onepassword_population(name), definition.model, size, seed) }}
{%- endfor %}
{%- endif %}
