{#- A number by which two sets of texts that are equally many are told apart: the sum of their hashes, which no sum of this many can overflow. -#}
{%- macro onepassword_checksum(text) -%}
  {%- set hash = {
    'bigquery': 'farm_fingerprint(' ~ text ~ ')',
    'postgres': 'hashtext(' ~ text ~ ')',
  }.get(target.type, 'hash(' ~ text ~ ')') -%}
  sum(mod({{ hash }}, 2147483647))
{%- endmacro -%}
