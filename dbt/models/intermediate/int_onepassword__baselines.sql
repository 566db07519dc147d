{% set lists = ['baseline_members', 'baseline_groups', 'baseline_group_members', 'baseline_vaults', 'baseline_vault_access'] %}
{% set accounts = ref('int_onepassword__accounts') %}

{#- Half a list, or another account's, would describe an account that never was, and one without a time none that ever was. -#}
{% if execute and flags.INTROSPECT and flags.WHICH in ['run', 'build'] and model.resource_type == 'model' %}
  {% set undated %}
    select count(*) as row_count
    from (
      {% for list in ['baselines'] + lists %}
      select listed.as_of from {{ onepassword_input_as_supplied(list) }} as listed {{ 'union all' if not loop.last }}
      {% endfor %}
    ) as listed
    where listed.as_of is null
  {% endset %}
  {% set undated_rows = run_query(undated).rows[0][0] %}
  {% if undated_rows > 0 %}
    {{ exceptions.raise_compiler_error('The inputs baselines, ' ~ lists | join(', ') ~ ' hold rows without as_of: ' ~ undated_rows | int ~ '. Write the time of the export into every row.') }}
  {% endif %}

  {% set backward %}
    select cast(min(baselines.as_of) as {{ dbt.type_string() }}) as as_of
    from {{ onepassword_input_as_supplied('baselines') }} as baselines
    where baselines.finished_at < baselines.as_of
  {% endset %}
  {% set backward_as_of = run_query(backward).rows[0][0] %}
  {% if backward_as_of is not none %}
    {{ exceptions.raise_compiler_error('The input baselines has a finished_at that is earlier than its as_of, ' ~ backward_as_of ~ '. It is the time at which the last list was read: take the lists again, or leave finished_at empty.') }}
  {% endif %}

  {#- Of an input that is not supplied nothing is made. #}
  {% set numbers %}
    {%- for list, count, key in [
      ('baseline_members', 'members_count', ['user_uuid']),
      ('baseline_groups', 'groups_count', ['group_uuid']),
      ('baseline_group_members', 'group_members_count', ['group_uuid', 'user_uuid']),
      ('baseline_vaults', 'vaults_count', ['vault_uuid']),
      ('baseline_vault_access', 'vault_access_count', ['vault_uuid', 'grantee_type', 'grantee_uuid']),
    ] %}
    select '{{ list }}' as input, cast(stated.as_of as {{ dbt.type_string() }}) as as_of, stated.row_count as stated, coalesce(counted.row_count, 0) as counted
    from (
      select distinct baselines.as_of, baselines.{{ count }} as row_count
      from {{ onepassword_input_as_supplied('baselines') }} as baselines
      where baselines.{{ count }} is not null
        and {{ 'true' if onepassword_has_input(list) else 'false' }}
    ) as stated
    left join (
      select listed.as_of, count(*) as row_count
      from (
        select distinct listed.as_of{% for column in key %}, lower(listed.{{ column }}) as {{ column }}{% endfor %}
        from {{ onepassword_input_as_supplied(list) }} as listed
      ) as listed
      group by listed.as_of
    ) as counted on stated.as_of = counted.as_of
    where stated.row_count <> coalesce(counted.row_count, 0)
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    order by 2, 1
  {% endset %}
  {% set wrong_numbers = run_query(numbers).rows if onepassword_has_input('baselines') else [] %}
  {% if wrong_numbers | length > 0 %}
    {{ exceptions.raise_compiler_error('The input ' ~ wrong_numbers[0][0] ~ ' has ' ~ wrong_numbers[0][3] | int ~ ' rows of the list of ' ~ wrong_numbers[0][1] ~ ', and baselines says that there are ' ~ wrong_numbers[0][2] | int ~ '. Seed all the files of a list, as they were written, or take it again.') }}
  {% endif %}

  {% set others %}
    select
      max(baselines.account_uuid) as listed_account_uuid,
      (select max(accounts.account_uuid) from {{ accounts }} as accounts) as event_account_uuid
    from {{ onepassword_input_as_supplied('baselines') }} as baselines
    where baselines.account_uuid is not null
      and (select count(*) from {{ accounts }} as accounts) > 0
      {% if onepassword_chosen_account() -%}
      and lower(baselines.account_uuid) <> '{{ onepassword_chosen_account() }}'
      {%- else -%}
      and lower(baselines.account_uuid) not in (select lower(accounts.account_uuid) from {{ accounts }} as accounts)
      {%- endif %}
  {% endset %}
  {% set other = run_query(others).rows[0] %}
  {% if other[0] is not none %}
    {{ exceptions.raise_compiler_error('The input baselines has a list of the account ' ~ other[0] ~ ', and the events are of ' ~ (onepassword_chosen_account() or other[1]) ~ '. Take the lists from the account whose events these are.') }}
  {% endif %}
{% endif %}

with listed as (
  {% for list in lists %}
  select distinct '{{ list }}' as input, listed.as_of from {{ onepassword_input_as_supplied(list) }} as listed
  union all
  {% endfor %}
  select distinct 'baselines' as input, listed.as_of from {{ onepassword_input_as_supplied('baselines') }} as listed
),

times as (
  select
    listed.as_of
    {%- for list in lists %},
    max(case when listed.input = '{{ list }}' then 1 else 0 end) = 1 as has_{{ list }}
    {%- endfor %}
  from listed
  where listed.as_of <= {{ onepassword_as_of() }}
  group by listed.as_of
),

stated as (
  select
    baselines.as_of,
    {%- for column in onepassword_known_inputs()['baselines'] if column != 'as_of' %}
    max(baselines.{{ column }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
  from {{ onepassword_input_as_supplied('baselines') }} as baselines
  group by baselines.as_of
)

{#- A list without rows was taken if `baselines` says so, or if what it would be of was listed. #}
select
  times.as_of,
  {%- for column in onepassword_known_inputs()['baselines'] if column != 'as_of' %}
  stated.{{ column }},
  {%- endfor %}
  coalesce(stated.finished_at, {{ onepassword_add_hours('times.as_of', 1) }}) as read_until,
  {{ 'true' if onepassword_has_input('baseline_members') else 'false' }}
    and (times.has_baseline_members or stated.members_count is not null) as lists_members,
  {{ 'true' if onepassword_has_input('baseline_group_members') else 'false' }}
    and (times.has_baseline_group_members or times.has_baseline_groups or stated.group_members_count is not null) as lists_memberships,
  {{ 'true' if onepassword_has_input('baseline_vault_access') else 'false' }}
    and (times.has_baseline_vault_access or times.has_baseline_vaults or stated.vault_access_count is not null) as lists_grants,
  times.has_baseline_groups or stated.groups_count is not null as has_group_scope,
  times.has_baseline_vaults or stated.vaults_count is not null as has_vault_scope
from times
left join stated on times.as_of = stated.as_of
