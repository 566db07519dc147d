{{ config(materialized='view') }}

{#- The log and the baselines cover the time, and show no access. #}
{%- set is_without -%}
  not coalesce(stretches.has_access, false)
    and usages.user_uuid is not null
    and usages.vault_uuid is not null
    and usages.occurred_at > coverage.covered_from
    and usages.occurred_at < coverage.covered_to
{%- endset %}

select
  usages.event_uuid,
  usages.occurred_at,
  usages.user_uuid,
  usages.user_name,
  usages.user_email,
  usages.vault_uuid,
  vaults.name as vault_name,
  usages.item_uuid,
  items.name as item_name,
  usages.used_version as item_version,
  usages.action,
  actions.exposes_secret,
  {{ onepassword_sentence('actions.sentence', {
    'user': 'coalesce(usages.user_name, usages.user_email, usages.user_uuid)',
    'item': 'coalesce(items.name, usages.item_uuid)',
  }) }} as sentence,
  usages.client_app_name as app_name,
  usages.client_app_version as app_version,
  usages.client_platform_name as platform_name,
  usages.client_os_name as os_name,
  usages.client_ip_address as ip,
  usages.location_country as country,
  usages.location_city as city,
  case
    when stretches.has_access then 'yes'
    when {{ is_without }} and unannounced.vault_uuid is null and not coalesce(stretches.is_order_ambiguous, false) then 'no'
    else 'unknown'
  end as had_access,
  case when not stretches.has_access then stretches.last_ended_at end as last_ended_at,
  {#- What 1Password's log leaves open, and `had_access` rests on. #}
  case
    when stretches.is_order_ambiguous then 'order of events'
    when {{ is_without }} then unannounced.reason
  end as open_question,
  usages.account_uuid
from {{ ref('int_onepassword__item_usages') }} as usages
left join {{ ref('int_onepassword__coverage') }} as coverage
  on coverage.what = 'access'
  and usages.vault_uuid = coverage.container_uuid
  and usages.occurred_at >= coverage.covered_from
  and usages.occurred_at < coalesce(coverage.hole_at, {{ onepassword_end_of_time() }})
left join {{ ref('int_onepassword__access_stretches') }} as stretches
  on usages.vault_uuid = stretches.vault_uuid
  and usages.user_uuid = stretches.user_uuid
  and usages.occurred_at >= coalesce(stretches.starts_at, {{ onepassword_beginning() }})
  and usages.occurred_at < coalesce(stretches.ends_at, {{ onepassword_end_of_time() }})
left join {{ ref('int_onepassword__unannounced_access') }} as unannounced
  on usages.vault_uuid = unannounced.vault_uuid
  and usages.user_uuid = unannounced.user_uuid
  and usages.occurred_at >= unannounced.possible_from
  and usages.occurred_at < coalesce(unannounced.possible_to, {{ onepassword_end_of_time() }})
left join {{ ref('onepassword_item_actions') }} as actions
  on usages.action = actions.action
left join {{ ref('int_onepassword__names') }} as vaults
  on vaults.kind = 'vault' and usages.vault_uuid = vaults.uuid
left join {{ ref('int_onepassword__names') }} as items
  on items.kind = 'item' and usages.item_uuid = items.uuid
