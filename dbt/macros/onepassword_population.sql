{#-
  The populations of the controls: what is counted, and what an auditor draws samples from. Each has the model whose rows
  it is and, in SQL on the alias `population`, the filter. Events are those of the evidence period, states those at its end.
-#}
{%- macro onepassword_populations() -%}
  {%- set changes = 'onepassword__admin_changes' -%}
  {%- set privileged -%}
    population.area in ('vault access', 'membership') and population.target_uuid in (
      select listed.uuid from {{ onepassword_input('privileged_groups') }} as listed
      union distinct
      select listed.uuid from {{ onepassword_input('privileged_vaults') }} as listed
    )
  {%- endset -%}
  {{ return({
    'vault access': {'model': 'onepassword__current_vault_access', 'kind': 'state', 'filter': 'true', 'complete_from': 'access_covered_from'},
    'team members': {'model': 'onepassword__team_members', 'kind': 'state', 'filter': "population.status <> 'removed'", 'complete_from': 'members_covered_from'},
    'administrative changes': {'model': changes, 'kind': 'events', 'filter': 'true'},
    'vault access changes': {'model': changes, 'kind': 'events', 'filter': "population.area = 'vault access'"},
    'membership changes': {'model': changes, 'kind': 'events', 'filter': "population.area = 'membership'"},
    'privileged access changes': {'model': changes, 'kind': 'events', 'filter': privileged},
    'leavers': {'model': changes, 'kind': 'events', 'filter': "population.object_type = 'user' and population.action in ('suspend', 'delete', 'leave')"},
    'access granted': {'model': changes, 'kind': 'events', 'filter': "(population.object_type in ('uva', 'gva') and population.action = 'grant') or (population.object_type = 'gm' and population.action = 'join') or (population.object_type = 'invite' and population.action = 'create') or (population.object_type = 'user' and population.action in ('join', 'activate'))"},
    'identity changes': {'model': changes, 'kind': 'events', 'filter': "population.area in ('membership', 'service accounts')"},
    'creations and deletions': {'model': changes, 'kind': 'events', 'filter': "population.action in ('create', 'delete') and population.object_type in ('vault', 'group', 'sa', 'satoken', 'template', 'slackapp', 'mngdacc')"},
    'sign-ins': {'model': 'onepassword__sign_ins', 'kind': 'events', 'filter': 'true'},
    'failed sign-ins': {'model': 'onepassword__sign_ins', 'kind': 'events', 'filter': "population.outcome = 'failure'"},
    'item access': {'model': 'onepassword__item_access', 'kind': 'events', 'filter': 'true'},
    'days of the streams': {'model': 'onepassword__daily_coverage', 'kind': 'days', 'filter': 'true'},
  }) }}
{%- endmacro -%}


{#- The rows of a population as a subquery in parentheses. -#}
{%- macro onepassword_population(name) -%}
  {%- set definition = onepassword_populations()[name] -%}
  {%- if name == 'vault access' -%}
    ({{ onepassword_access_as_of(onepassword_evidence_end()) }})
  {%- elif name == 'team members' -%}
    (select population.* from ({{ onepassword_members_as_of(onepassword_evidence_end()) }}) as population where {{ definition.filter }})
  {%- else -%}
    (
      select population.*
      from {{ ref(definition.model) }} as population
      where ({{ definition.filter }})
      {%- if definition.kind == 'days' %}
        and population.day >= {{ onepassword_to_date(onepassword_evidence_from()) }}
        and {{ onepassword_day_start('population.day') }} < {{ onepassword_evidence_to() }}
      {%- else %}
        and population.occurred_at >= {{ onepassword_evidence_from() }}
        and population.occurred_at < {{ onepassword_evidence_to() }}
      {%- endif %}
    )
  {%- endif -%}
{%- endmacro -%}


{#-
  How many rows a population has, as a query. It counts those of the mart where they are quickly found: a use has one row
  in `onepassword__item_access` however many joins that takes, and a path one in `onepassword__current_vault_access`.
-#}
{%- macro onepassword_population_count(name) -%}
  {%- if name == 'item access' -%}
    select count(*) as row_count
    from {{ ref('int_onepassword__item_usages') }} as usages
    where usages.occurred_at >= {{ onepassword_evidence_from() }}
      and usages.occurred_at < {{ onepassword_evidence_to() }}
  {%- elif name == 'vault access' -%}
    select count(*) as row_count
    from {{ ref('int_onepassword__access_paths') }} as paths
    cross join {{ ref('int_onepassword__settings') }} as settings
    where coalesce(paths.lower_bound, settings.log_start) <= {{ onepassword_evidence_end() }}
      and (paths.ended_at is null or paths.ended_at > {{ onepassword_evidence_end() }})
  {%- else -%}
    select count(*) as row_count from {{ onepassword_population(name) }} as counted
  {%- endif -%}
{%- endmacro -%}
