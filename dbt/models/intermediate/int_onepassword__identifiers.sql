{#-
  How the identifiers of vaults, groups and persons are spelt, by what they are in lower case: as the events spell them,
  or as the inputs do where no event has them. One that is spelt in two ways stands for itself.
-#}
{% set supplied = namespace(any=false) %}
{% for input in onepassword_input_identifiers() if onepassword_has_input(input) %}{% set supplied.any = true %}{% endfor %}
{% set sources = [
  ["'vault'", 'object_uuid', ref('int_onepassword__audit_events'), "source.object_type in ('uva', 'gva', 'vault', 'items')"],
  ["'group'", 'object_uuid', ref('int_onepassword__audit_events'), "source.object_type in ('gm', 'group')"],
  ["'group'", 'aux_uuid', ref('int_onepassword__audit_events'), "source.object_type = 'gva'"],
  ["'person'", 'actor_uuid', ref('int_onepassword__audit_events'), 'true'],
  ["'person'", 'object_uuid', ref('int_onepassword__audit_events'), "source.object_type in ('user', 'sa')"],
  ["'person'", 'aux_uuid', ref('int_onepassword__audit_events'), "source.object_type in ('uva', 'gm') or source.aux_email is not null"],
  ["'person'", 'target_user_uuid', ref('int_onepassword__sign_in_attempts'), 'true'],
  ["'vault'", 'vault_uuid', ref('int_onepassword__item_use_by_day'), 'true'],
  ["'person'", 'user_uuid', ref('int_onepassword__item_use_by_day'), 'true'],
] %}

with spellings as (
  {%- for kind, column, relation, condition in sources %}
  select distinct {{ kind }} as kind, source.{{ column }} as uuid, true as is_event, 'events' as source
  from {{ relation }} as source
  where source.{{ column }} is not null
    and ({{ condition }})
    {#- Nobody asks for them where nothing is supplied. #}
    and {{ 'true' if supplied.any else 'false' }}
  union all
  {%- endfor %}
  {%- for input, identifiers in onepassword_input_identifiers().items() %}
  {%- for column, kind in identifiers.items() %}
  select distinct {{ kind }}, supplied.{{ column }}, false, '{{ input }}'
  from {{ onepassword_input_as_supplied(input) }} as supplied
  where supplied.{{ column }} is not null
  {{ 'union all' if not loop.last }}
  {%- endfor %}
  {{ 'union all' if not loop.last }}
  {%- endfor %}
),

identifiers as (
  select
    spellings.kind,
    lower(spellings.uuid) as key,
    min(case when spellings.is_event then {{ onepassword_ordered('spellings.uuid') }} end) as first_spelling,
    max(case when spellings.is_event then {{ onepassword_ordered('spellings.uuid') }} end) as last_spelling,
    max({{ onepassword_ordered('spellings.uuid') }}) as supplied_spelling,
    max(case when spellings.is_event then 1 else 0 end) = 1 as is_in_events,
    max(case when spellings.source like 'baseline%' then 1 else 0 end) = 1 as is_in_baseline,
    max(case when spellings.source in ('vault_names', 'group_names') then 1 else 0 end) = 1 as is_named
  from spellings
  group by spellings.kind, lower(spellings.uuid)
)

select
  identifiers.kind,
  identifiers.key,
  case
    when not identifiers.is_in_events then identifiers.supplied_spelling
    when identifiers.first_spelling = identifiers.last_spelling then identifiers.first_spelling
  end as uuid,
  identifiers.is_in_events,
  identifiers.is_in_baseline,
  identifiers.is_named
from identifiers
