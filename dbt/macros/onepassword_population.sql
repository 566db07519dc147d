{#-
  The populations of the controls: what is counted, and what an auditor draws samples from. Each has the model whose rows
  it is and, in SQL on the alias `population`, the filter; `also` are the models that the filter reads. Events
  are those of the evidence period, states those at its end, before whatever happens at `evidence_to` itself.
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
  {%- set leavers -%}
    population.user_uuid in (
      select gone.target_uuid
      from {{ onepassword_ref(changes) }} as gone
      where gone.object_type = 'user'
        and gone.action in ('suspend', 'delete', 'leave')
        and gone.occurred_at >= {{ onepassword_evidence_from() }}
        and gone.occurred_at < {{ onepassword_evidence_to() }}
      union distinct
      select listed.user_uuid
      from {{ onepassword_ref('int_onepassword__leavers') }} as listed
      where listed.left_on >= {{ onepassword_evidence_from() }}
        and listed.left_on < {{ onepassword_evidence_to() }}
    )
  {%- endset -%}
  {{ return({
    'vault access': {'model': 'onepassword__current_vault_access', 'kind': 'state', 'filter': 'true', 'complete_list': 'access'},
    'team members': {'model': 'onepassword__team_members', 'kind': 'state', 'filter': "population.status <> 'removed'", 'complete_list': 'members'},
    'administrative changes': {'model': changes, 'kind': 'events', 'filter': 'true'},
    'vault access changes': {'model': changes, 'kind': 'events', 'filter': "population.area = 'vault access'"},
    'membership changes': {'model': changes, 'kind': 'events', 'filter': "population.area = 'membership'"},
    'privileged access changes': {'model': changes, 'kind': 'events', 'filter': privileged},
    'leavers': {'model': 'onepassword__team_members', 'kind': 'state', 'filter': leavers, 'also': [changes, 'int_onepassword__leavers']},
    'access granted': {'model': changes, 'kind': 'events', 'filter': "(population.object_type in ('uva', 'gva') and population.action = 'grant') or (population.object_type = 'gm' and population.action = 'join') or (population.object_type = 'invite' and population.action = 'create') or (population.object_type = 'user' and population.action in ('join', 'activate'))"},
    'identity changes': {'model': changes, 'kind': 'events', 'filter': "population.area in ('membership', 'service accounts')"},
    'creations and deletions': {'model': changes, 'kind': 'events', 'filter': "population.action in ('create', 'delete') and population.object_type in ('vault', 'group', 'sa', 'satoken', 'template', 'slackapp', 'mngdacc')"},
    'sign-ins': {'model': 'onepassword__sign_ins', 'kind': 'events', 'filter': 'true'},
    'failed sign-ins': {'model': 'onepassword__sign_ins', 'kind': 'events', 'filter': "population.outcome = 'failure'"},
    'item access': {'model': 'onepassword__item_access', 'kind': 'events', 'filter': 'true'},
    'days of the streams': {'model': 'onepassword__daily_coverage', 'kind': 'days', 'filter': 'true'},
  }) }}
{%- endmacro -%}


{#- The model that has the rows of a population: of a state, that which has it at the end of the period. -#}
{%- macro onepassword_population_model(model) -%}
  {{ return({
    'onepassword__current_vault_access': 'int_onepassword__period_access',
    'onepassword__team_members': 'int_onepassword__period_members',
  }.get(model, model)) }}
{%- endmacro -%}


{#- The rows of a population as a subquery in parentheses. -#}
{%- macro onepassword_population(name) -%}
  {%- set definition = onepassword_populations()[name] -%}
  (
    select population.*
    from {{ onepassword_ref(onepassword_population_model(definition.model)) }} as population
    where ({{ definition.filter }})
    {%- if definition.kind == 'days' %}
      and population.day >= {{ onepassword_to_date(onepassword_evidence_from()) }}
      and {{ onepassword_day_start('population.day') }} < {{ onepassword_evidence_to() }}
    {%- elif definition.kind == 'events' %}
      and population.occurred_at >= {{ onepassword_evidence_from() }}
      and population.occurred_at < {{ onepassword_evidence_to() }}
    {%- endif %}
  )
{%- endmacro -%}


{#-
  How many rows a population has, as a query. Uses are counted where they are quickly found: each has one row in
  `onepassword__item_access`, however many joins that takes.
-#}
{%- macro onepassword_population_count(name) -%}
  {%- if name == 'item access' -%}
    select count(*) as row_count
    from {{ ref('int_onepassword__item_usages') }} as usages
    where usages.occurred_at >= {{ onepassword_evidence_from() }}
      and usages.occurred_at < {{ onepassword_evidence_to() }}
  {%- else -%}
    select count(*) as row_count from {{ onepassword_population(name) }} as counted
  {%- endif -%}
{%- endmacro -%}
