-- A template has four placeholders at most, all of them known where it is filled, and no other brace.
{% set placeholders = {
  'onepassword_audit_pairs': ['actor', 'object', 'aux', 'info'],
  'onepassword_pair_rules': ['actor', 'object', 'aux', 'info'],
  'onepassword_rules': ['subject', 'object', 'number', 'detail'],
  'onepassword_item_actions': ['user', 'item'],
  'onepassword_sign_in_outcomes': ['user', 'app'],
} %}
{% for seed, names in placeholders.items() %}
  {%- set rest = namespace(sql='templates.sentence') -%}
  {%- for name in names %}{%- set rest.sql = "replace(" ~ rest.sql ~ ", '{" ~ name ~ "}', '')" -%}{%- endfor %}
select '{{ seed }}' as seed, templates.sentence
from {{ ref(seed) }} as templates
where (
    {{ rest.sql }} <> replace(replace({{ rest.sql }}, '{', ''), '}', '')
    or length(templates.sentence) - length(replace(templates.sentence, '{', '')) > 4
  )
  {#- The sentences of these rules are written by the event that fires them. #}
  {{ "and templates.rule not in (select pair_rules.rule from " ~ ref('onepassword_pair_rules') ~ " as pair_rules)" if seed == 'onepassword_rules' }}
{{ 'union all' if not loop.last }}
{% endfor %}
