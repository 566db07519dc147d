{#-
  What the user supplied, and whether the events know of it. A vault or group on a list of names is known to exist, though
  nothing happened to it; the names themselves are looked up in the events and the baselines. What a baseline lists need not
  be in any event, but one of which nothing is in any is of another account.
-#}
{% set named = {
  'vault_names': ['vault', 'false'],
  'group_names': ['group', 'false'],
  'privileged_vaults': ['vault', 'identifiers.is_named'],
  'privileged_groups': ['group', 'identifiers.is_named'],
} %}
{% set baselines = {
  'baseline_members': ['user_uuid'],
  'baseline_groups': ['group_uuid'],
  'baseline_group_members': ['group_uuid', 'user_uuid'],
  'baseline_vaults': ['vault_uuid'],
  'baseline_vault_access': ['vault_uuid', 'grantee_uuid'],
} %}

with matched_networks as (
  select distinct networks.address as network
  from {{ ref('int_onepassword__known_networks') }} as networks
  inner join {{ ref('int_onepassword__ip_addresses') }} as addresses
    on addresses.is_known
    and substr({{ onepassword_bits('addresses.key') }}, 1, networks.length) = substr(networks.bits, 1, networks.length)
),

rows_as_supplied as (
  {%- for input, rule in named.items() %}
  select distinct
    '{{ input }}' as input,
    supplied.uuid as value,
    coalesce(identifiers.is_in_events or identifiers.is_in_baseline or {{ rule[1] }}, false) as is_matched,
    'No event and no baseline has this {{ rule[0] }}{{ ", and no name is given for it" if rule[1] != "false" }}.' as reason
  from {{ onepassword_input(input) }} as supplied
  left join {{ ref('int_onepassword__identifiers') }} as identifiers
    on identifiers.kind = '{{ rule[0] }}'
    and identifiers.key = lower(supplied.uuid)
  where supplied.uuid is not null
  union all
  {%- endfor %}

  select distinct
    'item_names', supplied.uuid, used.item_uuid is not null, 'No event has this item.'
  from {{ onepassword_input('item_names') }} as supplied
  left join (
    select distinct lower(usages.item_uuid) as item_uuid
    from {{ ref('int_onepassword__item_usages') }} as usages
    where {{ 'true' if onepassword_has_input('item_names') else 'false' }}
    union distinct
    select distinct lower(meanings.object_uuid)
    from {{ ref('int_onepassword__audit_meanings') }} as meanings
    where meanings.object_type in ('item', 'itemhist', 'file')
  ) as used on lower(supplied.uuid) = used.item_uuid
  where supplied.uuid is not null
  union all

  select distinct
    'known_apps', supplied.app_name, used.app_name is not null, 'No event comes from an app of this name.'
  from {{ onepassword_input('known_apps') }} as supplied
  left join (
    select distinct lower(attempts.client_app_name) as app_name
    from {{ ref('int_onepassword__sign_in_attempts') }} as attempts
    where {{ 'true' if onepassword_has_input('known_apps') else 'false' }}
    union distinct
    select distinct lower(usages.client_app_name)
    from {{ ref('int_onepassword__item_usages') }} as usages
    where {{ 'true' if onepassword_has_input('known_apps') else 'false' }}
  ) as used on lower(supplied.app_name) = used.app_name
  where supplied.app_name is not null
  union all

  select distinct
    'own_domains', supplied.domain, used.domain is not null, 'Nobody has an address of this domain, and nobody of it was invited.'
  from {{ onepassword_input('own_domains') }} as supplied
  left join (
    select distinct {{ dbt.split_part('addresses.email', "'@'", 2) }} as domain
    from {{ ref('int_onepassword__addresses') }} as addresses
    union distinct
    select distinct lower(trim({{ dbt.split_part('meanings.aux_info', "'@'", 2) }}))
    from {{ ref('int_onepassword__audit_meanings') }} as meanings
    where meanings.object_type = 'invite'
  ) as used on trim(replace(lower(supplied.domain), '@', '')) = used.domain
  where supplied.domain is not null
  union all

  select distinct
    'known_addresses',
    networks.address,
    matched.network is not null,
    case
      when networks.bits is null or networks.length is null then 'This is neither an address nor a network.'
      else 'No sign-in and no session comes from there.'
    end
  from {{ ref('int_onepassword__known_networks') }} as networks
  left join matched_networks as matched on networks.address = matched.network
  union all

  select distinct
    'leavers',
    coalesce(departures.supplied_uuid, departures.email, '(nobody)'),
    departures.user_uuid is not null,
    case
      when departures.left_on is null then 'The row has no left_on.'
      when departures.supplied_uuid is null and departures.email is null then 'The row names nobody.'
      when departures.supplied_uuid is not null then 'No event and no baseline has this person.'
      else 'Nobody had this address before that departure.'
    end
  from {{ ref('int_onepassword__departures') }} as departures
  union all

  select distinct
    'sync_runs', supplied.stream, lower(supplied.stream) in ('{{ onepassword_known_streams() | join("', '") }}'), 'The source has no stream of this name.'
  from {{ onepassword_input('sync_runs') }} as supplied
  where supplied.stream is not null

  {#- Findings may be left out where nobody decides any. A unit test decides what the project does not supply. #}
  {%- if onepassword_has_input('decisions') or env_var('ONEPASSWORD_OWN_TESTS', '') == '1' %}
  union all

  select distinct
    'decisions',
    coalesce(supplied.finding_id, {{ dbt.concat(['supplied.rule', "' '", 'supplied.subject_uuid']) }}, '(nothing)'),
    findings.decided is not null and coalesce(supplied.date, supplied.decided_at) is not null,
    case
      when findings.decided is null then 'It names no finding, and no rule and subject of one.'
      else 'The decision has no date, so that nobody can tell what it was about.'
    end
  from {{ onepassword_input('decisions') }} as supplied
  left join (
    select findings.finding_id as decided
    from {{ ref('int_onepassword__findings') }} as findings
    union distinct
    select lower({{ dbt.concat(['findings.rule', "' '", 'coalesce(findings.subject_uuid, findings.subject)']) }})
    from {{ ref('int_onepassword__findings') }} as findings
  ) as findings
    on lower(coalesce(supplied.finding_id, {{ dbt.concat(['supplied.rule', "' '", 'supplied.subject_uuid']) }})) = findings.decided
  where supplied.decision is not null
  {%- endif %}

  {%- for input, columns in baselines.items() %}
  union all
  select
    '{{ input }}', '(every row)', max(case when {% for column in columns %}known_{{ column }}.is_in_events{{ ' or ' if not loop.last }}{% endfor %} then 1 else 0 end) = 1,
    'No event has anything that it lists: it may be of another account.'
  from {{ onepassword_input(input) }} as supplied
  {%- for column in columns %}
  left join {{ ref('int_onepassword__identifiers') }} as known_{{ column }}
    on known_{{ column }}.kind = {{ onepassword_input_identifiers()[input][column] }}
    and known_{{ column }}.key = lower(supplied.{{ column }})
  {%- endfor %}
  having count(*) > 0
  {%- endfor %}
)

select
  rows_as_supplied.input,
  rows_as_supplied.value,
  rows_as_supplied.is_matched,
  min(rows_as_supplied.reason) as reason
from rows_as_supplied
group by rows_as_supplied.input, rows_as_supplied.value, rows_as_supplied.is_matched
