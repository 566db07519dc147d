{#- The type of a person in an event of `events`: `external_user` also where one of `accounts` is not the event's account. -#}
{%- macro onepassword_user_type(stated, accounts, events) -%}
  {%- set elsewhere = [] -%}
  {%- for account in accounts -%}{%- do elsewhere.append(account ~ ' <> ' ~ events ~ '.account_uuid') -%}{%- endfor -%}
  {{ return('case when ' ~ elsewhere | join(' or ') ~ " then 'external_user' else " ~ stated ~ ' end') }}
{%- endmacro -%}
