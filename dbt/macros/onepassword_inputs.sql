{#-
  What the user may supply beyond the events: `onepassword_inputs` maps each name to a model or seed of theirs. For each
  input its columns in order: the type, and whether the column must be there.
-#}
{%- macro onepassword_known_inputs() -%}
  {%- set uuid_only = {'uuid': ['text', true]} -%}
  {%- set names = {'uuid': ['text', true], 'name': ['text', true]} -%}
  {{ return({
    'vault_names': names,
    'group_names': names,
    'item_names': names,
    'privileged_vaults': uuid_only,
    'privileged_groups': uuid_only,
    'known_apps': {'app_name': ['text', true]},
    'known_addresses': {'address': ['text', true]},
    'own_domains': {'domain': ['text', true]},
    'leavers': {'user_uuid': ['text', false], 'email': ['text', false], 'left_on': ['day', true]},
    'baselines': {
      'as_of': ['time', true], 'finished_at': ['time', false], 'account_uuid': ['text', false], 'taken_by_uuid': ['text', false],
      'taken_by_email': ['text', false], 'tool': ['text', false], 'members_count': ['count', false], 'groups_count': ['count', false],
      'group_members_count': ['count', false], 'vaults_count': ['count', false], 'vault_access_count': ['count', false]},
    'baseline_members': {
      'user_uuid': ['text', true], 'email': ['text', false], 'name': ['text', false], 'kind': ['text', false], 'status': ['text', true],
      'as_of': ['time', true]},
    'baseline_groups': {'group_uuid': ['text', true], 'name': ['text', false], 'as_of': ['time', true]},
    'baseline_group_members': {
      'group_uuid': ['text', true], 'user_uuid': ['text', true], 'role': ['text', false], 'as_of': ['time', true]},
    'baseline_vaults': {'vault_uuid': ['text', true], 'name': ['text', false], 'as_of': ['time', true]},
    'baseline_vault_access': {
      'vault_uuid': ['text', true], 'grantee_type': ['text', true], 'grantee_uuid': ['text', true], 'permissions': ['list', false],
      'as_of': ['time', true]},
    'decisions': {
      'finding_id': ['text', false], 'rule': ['text', false], 'subject_uuid': ['text', false], 'decision': ['text', true],
      'reason': ['text', false], 'decided_by': ['text', false], 'decided_at': ['day', false], 'until': ['day', false],
      'reviewer': ['text', false], 'date': ['day', false]},
    'sync_runs': {'ended_at': ['time', true], 'succeeded': ['boolean', true], 'stream': ['text', false]},
  }) }}
{%- endmacro -%}

{#- Whether the user supplies this input. -#}
{%- macro onepassword_has_input(name) -%}
  {%- set inputs = var('onepassword_inputs', {}) -%}
  {{ return(inputs is mapping and inputs.get(name) is string and inputs[name] | trim != '') }}
{%- endmacro -%}


{#- What the identifiers in an input are of, by column; `grantee_uuid` is of what `grantee_type` says. -#}
{%- macro onepassword_input_identifiers() -%}
  {{ return({
    'vault_names': {'uuid': "'vault'"},
    'group_names': {'uuid': "'group'"},
    'privileged_vaults': {'uuid': "'vault'"},
    'privileged_groups': {'uuid': "'group'"},
    'leavers': {'user_uuid': "'person'"},
    'baseline_members': {'user_uuid': "'person'"},
    'baseline_groups': {'group_uuid': "'group'"},
    'baseline_group_members': {'group_uuid': "'group'", 'user_uuid': "'person'"},
    'baseline_vaults': {'vault_uuid': "'vault'"},
    'baseline_vault_access': {
      'vault_uuid': "'vault'",
      'grantee_uuid': "case when lower(supplied.grantee_type) = 'group' then 'group' else 'person' end",
    },
  }) }}
{%- endmacro -%}


{#-
  An input as a subquery in parentheses, with its columns typed and its identifiers spelt as the events spell them, for
  they compare without regard to case; without rows where it is not supplied. Rows may repeat.
-#}
{%- macro onepassword_input(name) -%}
  {%- set identifiers = onepassword_input_identifiers().get(name, {}) -%}
  {%- if not identifiers or not onepassword_has_input(name) -%}
    {{ onepassword_input_as_supplied(name) }}
  {%- else -%}
  {%- set columns = [] -%}
  {%- for column, rule in onepassword_known_inputs()[name].items() -%}
    {%- do columns.append('coalesce(known_' ~ column ~ '.uuid, supplied.' ~ column ~ ') as ' ~ column if column in identifiers else 'supplied.' ~ column) -%}
    {%- if rule[0] == 'day' -%}{%- do columns.append('supplied.' ~ column ~ '_is_day') -%}{%- endif -%}
  {%- endfor -%}
  (
    select {{ columns | join(', ') }}
    from {{ onepassword_input_as_supplied(name) }} as supplied
    {%- for column, kind in identifiers.items() %}
    left join {{ onepassword_ref('int_onepassword__identifiers') }} as known_{{ column }}
      on known_{{ column }}.kind = {{ kind }}
      and known_{{ column }}.key = lower(supplied.{{ column }})
    {%- endfor %}
  )
  {%- endif -%}
{%- endmacro -%}


{#-
  An input as a subquery in parentheses, as the user wrote it but for its types and the blanks around texts. A column of
  days has another beside it, `…_is_day`: whether it says a day alone. A timestamp says one if it is a midnight.
  Ends the run with a sentence if a column that must be there is missing.
-#}
{%- macro onepassword_input_as_supplied(name) -%}
  {%- set columns = onepassword_known_inputs()[name] -%}
  {%- set types = {
    'text': dbt.type_string(), 'list': dbt.type_string(), 'count': dbt.type_bigint(), 'boolean': 'boolean',
    'time': onepassword_type_timestamp(), 'day': onepassword_type_timestamp()} -%}
  {%- set is_supplied = onepassword_has_input(name) -%}
  {%- set found = {} -%}
  {%- set moments = {} -%}
  {%- if is_supplied -%}
    {%- set relation = onepassword_ref(var('onepassword_inputs')[name]) -%}
    {%- set found = onepassword_columns_of(relation) -%}
    {%- for column, rule in columns.items() if found and rule[1] and column not in found -%}
      {{ exceptions.raise_compiler_error('The input ' ~ name ~ ' (' ~ var('onepassword_inputs')[name] ~ ') lacks the column ' ~ column ~ '. It needs ' ~ columns.keys() | join(', ') ~ '.') }}
    {%- endfor -%}
  {%- endif -%}
  (
    select
      {%- for column, rule in columns.items() %}
      {% if not is_supplied or (found and column not in found) -%}
        cast(null as {{ types[rule[0]] }})
      {%- elif rule[0] in ['time', 'day'] -%}
        {#- A seed without rows has columns of whole numbers. #}
        {%- set type = found.get(column, 'timestamp') -%}
        {%- set is_time = 'time' in type or 'date' in type %}
        {%- set moment = onepassword_to_utc('supplied.' ~ column if is_time else "nullif(trim(cast(supplied." ~ column ~ ' as ' ~ types['text'] ~ ")), '')", type) %}
        {{ moment }}
        {%- do moments.update({column: moment}) %}
      {%- elif rule[0] == 'boolean' -%}
        {#- PostgreSQL makes no boolean of a bigint, which is what dbt v2 makes of a column of a seed without rows. #}
        {%- set flag = 'supplied.' ~ column %}
        cast({{ 'cast(' ~ flag ~ ' as text)' if target.type == 'postgres' else flag }} as boolean)
      {%- elif rule[0] == 'count' -%}
        cast(nullif(trim(cast(supplied.{{ column }} as {{ types['text'] }})), '') as {{ types['count'] }})
      {%- elif rule[0] == 'list' -%}
        {#- A seed has `none` for a list that is empty, because dbt reads an empty cell as null. #}
        {%- set list = 'lower(trim(cast(supplied.' ~ column ~ ' as ' ~ types['text'] ~ ')))' %}
        case {{ list }} when 'none' then '' else replace({{ list }}, ' ', '') end
      {%- else -%}
        nullif(trim(cast(supplied.{{ column }} as {{ types[rule[0]] }})), '')
      {%- endif %} as {{ column }}{{ ',' if rule[0] == 'day' or not loop.last }}
      {%- if rule[0] == 'day' %}
      {% if not is_supplied or (found and column not in found) -%}
        cast(null as boolean)
      {%- elif found.get(column) == 'date' -%}
        true
      {%- elif not found or 'time' in found[column] -%}
        {{ moments[column] }} = {{ onepassword_day_start(onepassword_to_date(moments[column])) }}
      {%- else -%}
        cast(supplied.{{ column }} as {{ types['text'] }}) not like '%:%'
      {%- endif %} as {{ column }}_is_day{{ ',' if not loop.last }}
      {%- endif %}
      {%- endfor %}
    from {% if is_supplied %}{{ relation }}{% else %}(select 1 as nothing){% endif %} as supplied
    {%- if not is_supplied %}
    where 1 = 0
    {%- endif %}
  )
{%- endmacro -%}


{#-
  Prints the columns of each input, ready to be saved as a seed without rows: `dbt run-operation onepassword_input_templates`.
  With `--args '{input: leavers}'` only those of that input.
-#}
{%- macro onepassword_input_templates(input=none) -%}
  {%- set inputs = onepassword_known_inputs() -%}
  {%- if input is not none and input not in inputs -%}
    {{ exceptions.raise_compiler_error("There is no input '" ~ input ~ "'. There are " ~ inputs.keys() | join(', ') ~ '.') }}
  {%- endif -%}
  {%- for name, columns in inputs.items() if input in [none, name] -%}
    {%- do print(('' if input else name ~ '.csv: ') ~ columns.keys() | join(',')) -%}
  {%- endfor -%}
{%- endmacro -%}
