{{ config(materialized='view') }}

{#- The roll-up up to the day of `as_of`, whose events alone are counted anew. No group is on both sides. -#}
{% set as_of_day = onepassword_to_date(onepassword_as_of()) %}

select
  daily.vault_uuid,
  daily.user_uuid,
  daily.day,
  nullif(daily.user_name, '') as user_name,
  nullif(daily.user_email, '') as user_email,
  nullif(daily.account_uuid, '') as account_uuid,
  daily.user_type,
  daily.uses,
  daily.secret_uses,
  daily.taken_uses,
  daily.machine_uses,
  daily.first_used_at,
  daily.last_used_at,
  daily.first_secret_use_at,
  daily.last_secret_use_at
from {{ ref('int_onepassword__daily_item_use') }} as daily
where daily.day < {{ as_of_day }}
  {{ onepassword_of_account('daily') | replace('daily.account_uuid', "nullif(daily.account_uuid, '')") }}

union all

select
  usages.vault_uuid,
  usages.user_uuid,
  {{ as_of_day }} as day,
  usages.user_name,
  usages.user_email,
  usages.account_uuid,
  min({{ onepassword_user_type('usages.user_type', ['usages.user_account_uuid'], 'usages') }}) as user_type,
  cast(count(*) as {{ dbt.type_bigint() }}) as uses,
  cast(sum(case when actions.exposes_secret then 1 else 0 end) as {{ dbt.type_bigint() }}) as secret_uses,
  cast(sum(case when actions.takes_secret then 1 else 0 end) as {{ dbt.type_bigint() }}) as taken_uses,
  cast(sum(case when actions.takes_secret and actions.is_machine_work then 1 else 0 end) as {{ dbt.type_bigint() }}) as machine_uses,
  min(usages.occurred_at) as first_used_at,
  max(usages.occurred_at) as last_used_at,
  min(case when actions.exposes_secret then usages.occurred_at end) as first_secret_use_at,
  max(case when actions.exposes_secret then usages.occurred_at end) as last_secret_use_at
from {{ ref('int_onepassword__item_usages') }} as usages
left join {{ ref('onepassword_item_actions') }} as actions on usages.action = actions.action
where usages.vault_uuid is not null
  and usages.user_uuid is not null
  and usages.occurred_at >= {{ onepassword_day_start(as_of_day) }}
group by usages.vault_uuid, usages.user_uuid, usages.user_name, usages.user_email, usages.account_uuid
