{{ config(materialized='view') }}

{#- The roll-up up to the day of `as_of`, whose events alone are counted anew. -#}
{% set as_of_day = onepassword_to_date(onepassword_as_of()) %}

with used as (
  select
    daily.vault_uuid, daily.user_uuid, daily.day, daily.user_name, daily.user_email, daily.user_type,
    daily.uses, daily.secret_uses, daily.taken_uses,
    daily.first_used_at, daily.last_used_at, daily.first_secret_use_at, daily.last_secret_use_at
  from {{ ref('int_onepassword__daily_item_use') }} as daily
  where daily.day < {{ as_of_day }}
  union all
  select
    usages.vault_uuid, usages.user_uuid, {{ as_of_day }},
    coalesce(usages.user_name, ''), coalesce(usages.user_email, ''), usages.user_type,
    1, case when actions.exposes_secret then 1 else 0 end, case when actions.takes_secret then 1 else 0 end,
    usages.occurred_at, usages.occurred_at,
    case when actions.exposes_secret then usages.occurred_at end,
    case when actions.exposes_secret then usages.occurred_at end
  from {{ ref('int_onepassword__item_usages') }} as usages
  left join {{ ref('onepassword_item_actions') }} as actions on usages.action = actions.action
  where usages.vault_uuid is not null
    and usages.user_uuid is not null
    and usages.occurred_at >= {{ onepassword_day_start(as_of_day) }}
)

select
  used.vault_uuid,
  used.user_uuid,
  used.day,
  nullif(used.user_name, '') as user_name,
  nullif(used.user_email, '') as user_email,
  max(used.user_type) as user_type,
  sum(used.uses) as uses,
  sum(used.secret_uses) as secret_uses,
  sum(used.taken_uses) as taken_uses,
  min(used.first_used_at) as first_used_at,
  max(used.last_used_at) as last_used_at,
  min(used.first_secret_use_at) as first_secret_use_at,
  max(used.last_secret_use_at) as last_secret_use_at
from used
group by used.vault_uuid, used.user_uuid, used.day, used.user_name, used.user_email
