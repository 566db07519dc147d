{#-
  `n` rows of a mart for somebody to examine: the same ones in every warehouse and in every run, chosen by nothing but
  `seed`, so that an auditor can draw them again. Ordered by the MD5 of the row's key and the seed. `model` is the name of
  a mart; `where` may narrow it down first, in SQL about the alias `population`.
-#}
{%- macro onepassword_sample(model, n, seed, where='') -%}
  {%- set keys = onepassword.onepassword_sample_keys() -%}
  {%- if model not in keys -%}
    {{ exceptions.raise_compiler_error("onepassword_sample draws from " ~ keys.keys() | join(', ') ~ ", not from '" ~ model ~ "'.") }}
  {%- endif -%}
  {%- if n is not integer or n is boolean or n < 0 -%}
    {{ exceptions.raise_compiler_error("onepassword_sample is asked for '" ~ n ~ "' rows. It must be a whole number, 0 or more.") }}
  {%- endif %}
{{ onepassword.onepassword_sample_of(onepassword.onepassword_ref(model), model, n, seed, where) }}
{%- endmacro -%}


{#- The same of a relation, or a subquery in parentheses, that has the key of `model`. -#}
{%- macro onepassword_sample_of(relation, model, n, seed, where='') -%}
  {%- set key = 'population.' ~ onepassword.onepassword_sample_keys()[model] -%}
select population.*
from {{ relation }} as population
{{ 'where ' ~ where if where }}
order by {{ onepassword.onepassword_ordered(onepassword.onepassword_key([key, "'" ~ dbt.escape_single_quotes(seed | string) ~ "'"])) }}, {{ onepassword.onepassword_ordered(key) }}
limit {{ n }}
{%- endmacro -%}


{#- The column that is the key of each mart from which samples are drawn. -#}
{%- macro onepassword_sample_keys() -%}
  {{ return({
    'onepassword__vault_access_history': 'vault_access_id',
    'onepassword__group_membership_history': 'group_membership_id',
    'onepassword__current_vault_access': 'current_vault_access_id',
    'onepassword__access_changes': 'access_change_id',
    'onepassword__team_members': 'user_uuid',
    'onepassword__admin_changes': 'event_uuid',
    'onepassword__item_access': 'event_uuid',
    'onepassword__sign_ins': 'event_uuid',
    'onepassword__findings': 'finding_id',
    'onepassword__daily_coverage': 'daily_coverage_id',
    'onepassword__reconciliation': 'reconciliation_id',
  }) }}
{%- endmacro -%}


{#- How a sample is drawn, as JSON for the evidence report. `tojson` writes other spaces in dbt v2 than in 1.x. -#}
{%- macro onepassword_sample_rule(model, seed, rows) -%}
  {{ return('{"key": ["' ~ onepassword_sample_keys()[model] ~ '"], "seed": "' ~ seed ~ '", "rows": ' ~ rows ~ '}') }}
{%- endmacro -%}
