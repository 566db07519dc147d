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
    'own_domains': {'domain': ['text', true]},
    'leavers': {'user_uuid': ['text', false], 'email': ['text', false], 'left_on': ['time', true]},
    'baseline_members': {
      'user_uuid': ['text', true], 'email': ['text', false], 'name': ['text', false], 'status': ['text', true], 'as_of': ['time', true]},
    'baseline_group_members': {
      'group_uuid': ['text', true], 'user_uuid': ['text', true], 'role': ['text', false], 'as_of': ['time', true]},
    'baseline_vault_access': {
      'vault_uuid': ['text', true], 'grantee_type': ['text', true], 'grantee_uuid': ['text', true], 'as_of': ['time', true]},
    'sync_runs': {'ended_at': ['time', true], 'succeeded': ['boolean', true], 'stream': ['text', false]},
  }) }}
{%- endmacro -%}

{#- Whether the user supplies this input. -#}
{%- macro onepassword_has_input(name) -%}
  {%- set inputs = var('onepassword_inputs', {}) -%}
  {{ return(inputs is mapping and inputs.get(name) is string and inputs[name] | trim != '') }}
{%- endmacro -%}


{#-
  An input as a subquery in parentheses, with its columns typed; without rows where it is not supplied. Rows may repeat.
  Ends the run with a sentence if a column that must be there is missing.
-#}
{%- macro onepassword_input(name) -%}
  {%- set columns = onepassword_known_inputs()[name] -%}
  {%- set types = {'text': dbt.type_string(), 'time': onepassword_type_timestamp(), 'boolean': 'boolean'} -%}
  {%- set is_supplied = onepassword_has_input(name) -%}
  {%- set found = {} -%}
  {%- if is_supplied -%}
    {%- set relation = ref(var('onepassword_inputs')[name]) -%}
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
      {%- elif rule[0] == 'time' -%}
        {#- A seed without rows has columns of whole numbers. #}
        {%- set type = found.get(column, 'timestamp') -%}
        {%- set is_time = 'time' in type or 'date' in type %}
        {{ onepassword_to_utc('supplied.' ~ column if is_time else 'cast(supplied.' ~ column ~ ' as ' ~ types['text'] ~ ')', type) }}
      {%- elif rule[0] == 'boolean' -%}
        {#- PostgreSQL makes no boolean of a bigint, which is what dbt v2 makes of a column of a seed without rows. #}
        {%- set flag = 'supplied.' ~ column %}
        cast({{ 'cast(' ~ flag ~ ' as text)' if target.type == 'postgres' else flag }} as boolean)
      {%- else -%}
        nullif(trim(cast(supplied.{{ column }} as {{ types[rule[0]] }})), '')
      {%- endif %} as {{ column }}{{ ',' if not loop.last }}
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
