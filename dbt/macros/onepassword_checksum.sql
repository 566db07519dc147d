{#- A number by which two sets of texts that are equally many are told apart: their hashes, joined by XOR. -#}
{%- macro onepassword_checksum(text) -%}
  {{ return({
    'bigquery': 'bit_xor(farm_fingerprint(' ~ text ~ '))',
    'postgres': 'bit_xor(hashtext(' ~ text ~ '))',
    'snowflake': 'bitxor_agg(hash(' ~ text ~ '))',
  }.get(target.type, 'bit_xor(hash(' ~ text ~ '))')) }}
{%- endmacro -%}
