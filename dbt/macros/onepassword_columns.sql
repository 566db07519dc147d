{#- The columns that staging makes of the objects which several streams share: a person, a client, a location. -#}

{%- macro onepassword_person_members() -%}{{ return(['uuid', 'name', 'email', 'user_type', 'type', 'user_account_uuid']) }}{%- endmacro -%}

{#- The type of a person in an event of `events`: `external_user` also where one of `accounts` is not the event's account. -#}
{%- macro onepassword_user_type(stated, accounts, events) -%}
  {%- set elsewhere = [] -%}
  {%- for account in accounts -%}{%- do elsewhere.append(account ~ ' <> ' ~ events ~ '.account_uuid') -%}{%- endfor -%}
  {{ return('case when ' ~ elsewhere | join(' or ') ~ " then 'external_user' else " ~ stated ~ ' end') }}
{%- endmacro -%}

{#- `type` is what live V2 events carry where the reference says `user_type`. -#}
{%- macro onepassword_person_columns(expression, prefix) -%}
  {%- set members = onepassword_person_members() -%}
  {{ onepassword_json_member(expression, members, 'name') }} as {{ prefix }}_name,
  {{ onepassword_json_member(expression, members, 'email') }} as {{ prefix }}_email,
  coalesce({{ onepassword_json_member(expression, members, 'user_type') }}, {{ onepassword_json_member(expression, members, 'type') }}) as {{ prefix ~ '_type' if prefix in ['user', 'target_user'] else prefix ~ '_user_type' }},
  {{ onepassword_json_member(expression, members, 'user_account_uuid') }} as {{ prefix ~ '_account_uuid' if prefix in ['user', 'target_user'] else prefix ~ '_user_account_uuid' }}
{%- endmacro -%}


{%- macro onepassword_client_members() -%}
  {{ return(['app_name', 'app_version', 'platform_name', 'platform_version', 'os_name', 'os_version', 'ip_address']) }}
{%- endmacro -%}

{%- macro onepassword_client_columns(expression) -%}
  {%- for member in onepassword_client_members() -%}
  {{ onepassword_json_member(expression, onepassword_client_members(), member) }} as client_{{ member }}{{ ',\n  ' if not loop.last }}
  {%- endfor -%}
{%- endmacro -%}


{%- macro onepassword_location_members() -%}{{ return(['country', 'region', 'city', 'latitude', 'longitude']) }}{%- endmacro -%}

{%- macro onepassword_location_columns(expression) -%}
  {%- for member in onepassword_location_members() -%}
  {%- set text = onepassword_json_member(expression, onepassword_location_members(), member) -%}
  {{ onepassword_text_to_float(text) if member in ['latitude', 'longitude'] else text }} as location_{{ member }}{{ ',\n  ' if not loop.last }}
  {%- endfor -%}
{%- endmacro -%}


{#- The event's time, and whether it has none: the source writes 1970 where 1Password sent no readable one. -#}
{%- macro onepassword_occurred_at_columns(expression) -%}
  {%- set epoch = onepassword_timestamp_literal(modules.datetime.datetime(1970, 1, 1)) -%}
  nullif({{ expression }}, {{ epoch }}) as occurred_at,
  coalesce({{ expression }} = {{ epoch }}, true) as is_undated
{%- endmacro -%}
