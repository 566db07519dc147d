{#-
  An exception is a row of the control's population on which a finding of the period rests, and of a finding one row alone.
  What else the control's rules found in the period has no such row, and is beside the population.
-#}
{% set populations = onepassword_populations() %}

with candidates as (
  select
    controls.framework,
    controls.control,
    controls.population,
    findings.finding_id,
    findings.rule,
    findings.is_decided
  from {{ ref('onepassword_controls') }} as controls
  inner join {{ ref('onepassword__findings') }} as findings
    on {{ onepassword_is_listed('findings.rule', 'controls.exception_rules') }}
    and (findings.rule <> 'feed_silent' or {{ onepassword_is_listed('findings.subject', 'controls.streams') }})
  where findings.is_in_period
),

findings as (
  select found.*
  from {{ ref('onepassword__findings') }} as found
  where found.is_in_period
),

numbers as (
  select tens.digit * 10 + ones.digit + 1 as number
  from ({% for digit in range(10) %}select {{ digit }} as digit {{ 'union all ' if not loop.last }}{% endfor %}) as ones
  cross join ({% for digit in range(10) %}select {{ digit }} as digit {{ 'union all ' if not loop.last }}{% endfor %}) as tens
),

rested_on as (
  select
    findings.finding_id,
    findings.rule,
    findings.subject_uuid,
    {{ onepassword_list_value('findings.period_audit_events', 'numbers.number') }} as event_uuid
  from findings
  inner join numbers on numbers.number <= {{ onepassword_list_length('findings.period_audit_events') }}
),

{#- The changes on which findings rest; for what somebody did after being cut off, or kept, the event that cut them off. #}
found_changes as (
  select changes.*, rested_on.finding_id, rested_on.subject_uuid
  from rested_on
  inner join {{ ref('onepassword__admin_changes') }} as changes on rested_on.event_uuid = changes.event_uuid
  union all
  select changes.*, findings.finding_id, findings.subject_uuid
  from findings
  inner join {{ ref('onepassword__admin_changes') }} as changes
    on findings.subject_uuid = changes.target_uuid
    and changes.occurred_at <= findings.last_at
  where findings.rule in (
      'access_left_after_removal', 'acted_after_suspension', 'leaver_cut_off_late', 'signed_in_after_suspension',
      'used_after_suspension'
    )
    and changes.object_type in ('user', 'sa')
    and changes.action in ('suspend', 'delete', 'leave')
    and changes.occurred_at >= {{ onepassword_evidence_from() }}
    and changes.occurred_at < {{ onepassword_evidence_to() }}
),

{#- Access that is left at the end: all of somebody's, or what a change of the period was about. #}
found_paths as (
  select findings.finding_id, paths.*
  from findings
  inner join {{ ref('int_onepassword__period_access') }} as paths on findings.subject_uuid = paths.user_uuid
  where findings.rule in ('access_left_after_removal', 'dormant_with_access')
  union all
  select found_changes.finding_id, paths.*
  from found_changes
  inner join {{ ref('int_onepassword__period_access') }} as paths
    on found_changes.subject_uuid = paths.user_uuid
    and (found_changes.target_uuid = paths.vault_uuid or found_changes.target_uuid = paths.group_uuid)
  where found_changes.object_type in ('uva', 'gva', 'gm')
),

found_rows as (
  {%- for name, definition in populations.items() %}
  {%- if definition.model == 'onepassword__admin_changes' %}
  select '{{ name }}' as population_name, population.finding_id, min({{ onepassword_ordered('population.event_uuid') }}) as row_key
  from found_changes as population
  where ({{ definition.filter }})
  group by population.finding_id
  {%- elif definition.model == 'onepassword__current_vault_access' %}
  select
    '{{ name }}' as population_name, population.finding_id,
    min(population.current_vault_access_id) as row_key
  from found_paths as population
  group by population.finding_id
  {%- elif definition.model == 'onepassword__team_members' %}
  select '{{ name }}' as population_name, findings.finding_id, population.user_uuid as row_key
  from findings
  inner join {{ onepassword_population(name) }} as population on findings.subject_uuid = population.user_uuid
  {%- elif definition.model == 'onepassword__sign_ins' %}
  select '{{ name }}' as population_name, findings.finding_id, population.event_uuid as row_key
  from findings
  inner join {{ ref(definition.model) }} as population on findings.period_sign_in = population.event_uuid
  where ({{ definition.filter }})
  {%- elif definition.model == 'onepassword__item_access' %}
  select '{{ name }}' as population_name, findings.finding_id, findings.period_item_use as row_key
  from findings
  where findings.period_item_use is not null
  {%- else %}
  select '{{ name }}' as population_name, findings.finding_id, min({{ dbt.concat(['population.stream', "' '", 'cast(population.day as ' ~ dbt.type_string() ~ ')']) }}) as row_key
  from findings
  inner join {{ onepassword_population(name) }} as population
    on findings.subject = population.stream
    and population.day between {{ onepassword_to_date('findings.first_at') }} and {{ onepassword_to_date('findings.last_at') }}
  where findings.rule = 'feed_silent'
  group by findings.finding_id
  {%- endif %}
  {{ 'union all' if not loop.last }}
  {%- endfor %}
)

select
  candidates.framework,
  candidates.control,
  candidates.finding_id,
  candidates.rule,
  candidates.is_decided,
  found_rows.row_key
from candidates
left join found_rows
  on candidates.population = found_rows.population_name
  and candidates.finding_id = found_rows.finding_id
{#- Of groups and vaults that are not privileged this control says nothing. #}
where candidates.population <> 'privileged access changes'
  or found_rows.row_key is not null
