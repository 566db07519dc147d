{{ config(materialized='view') }}

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
  {{ onepassword_had_access('usages') }} as had_access,
  case when not stretches.has_access then stretches.last_ended_at end as last_ended_at,
  {#- What 1Password's log leaves open, and `had_access` rests on. #}
  case
    when stretches.is_order_ambiguous then 'order of events'
    when {{ onepassword_shows_no_access('usages') }} then unannounced.reason
  end as open_question,
  usages.account_uuid
from {{ ref('int_onepassword__item_usages') }} as usages
{{ onepassword_join_access('usages') }}
left join {{ ref('onepassword_item_actions') }} as actions
  on usages.action = actions.action
left join {{ ref('int_onepassword__names') }} as vaults
  on vaults.kind = 'vault' and usages.vault_uuid = vaults.uuid
left join {{ ref('int_onepassword__names') }} as items
  on items.kind = 'item' and usages.item_uuid = items.uuid
