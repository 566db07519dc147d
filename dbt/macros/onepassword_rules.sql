{#- The rules of the findings, by the model `int_onepassword__finding_…` that judges them. -#}
{%- macro onepassword_known_rules() -%}
  {{ return({
    'pairs': [
      'account_second_factor_off', 'firewall_changed', 'item_shared', 'items_exported', 'own_second_factor_off',
      'service_account_created', 'service_account_token_changed', 'sso_changed', 'vault_exported'],
    'second_factors_added': ['second_factors_added'],
    'invited_by_hand': ['invited_by_hand'],
    'invited_from_another_domain': ['invited_from_another_domain'],
    'privileged_access_changed': ['joined_privileged_group', 'privileged_vault_access_changed'],
    'self_grants': ['gave_oneself_a_group', 'gave_oneself_a_vault', 'gave_own_group_a_vault'],
    'took_secret': ['took_secret_after_giving_oneself_access'],
    'vault_exported_by_newcomer': ['vault_exported_by_newcomer'],
    'vault_exported_before_leaving': ['vault_exported_before_leaving'],
    'items_taken_in_a_burst': ['items_taken_in_a_burst'],
    'many_vaults_opened': ['many_vaults_opened'],
    'used_without_access': ['used_without_access'],
    'used_after_suspension': ['used_after_suspension'],
    'signed_in_after_suspension': ['signed_in_after_suspension'],
    'acted_after_suspension': ['acted_after_suspension'],
    'access_left_after_removal': ['access_left_after_removal'],
    'dormant_with_access': ['dormant_with_access'],
    'leaver_cut_off_late': ['leaver_cut_off_late'],
    'failed_sign_ins_burst': ['failed_sign_ins_burst'],
    'failed_sign_ins_burst_by_address': ['failed_sign_ins_burst_by_address'],
    'failures_then_success': ['failures_then_success'],
    'new_country': ['new_country'],
    'impossible_travel': ['impossible_travel'],
    'unknown_app': ['unknown_app'],
    'new_app': ['new_app'],
    'session_from_two_addresses': ['session_from_two_addresses'],
    'feed_silent': ['feed_silent'],
    'change_not_in_log': ['change_not_in_log'],
  }) }}
{%- endmacro -%}


{#- The rules that `onepassword_disabled_rules` leaves out, as a list. -#}
{%- macro onepassword_disabled_rules() -%}
  {%- set rules = var('onepassword_disabled_rules', []) -%}
  {{ return([] if rules is string or rules is mapping or rules is not iterable else rules | list) }}
{%- endmacro -%}


{#- Whether the project leaves out every rule that a finding's model judges. -#}
{%- macro onepassword_is_disabled(finding) -%}
  {{ return(onepassword_known_rules()[finding] | reject('in', onepassword_disabled_rules()) | list | length == 0) }}
{%- endmacro -%}


{#- Stands in the model of a finding: dbt does not build what the project leaves out. Otherwise `+enabled` decides. -#}
{%- macro onepassword_finding_config(finding) -%}
  {%- if onepassword_is_disabled(finding) -%}{{ config(enabled=false) }}{%- endif -%}
{%- endmacro -%}
