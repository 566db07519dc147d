{{ config(
    materialized='incremental',
    unique_key=['vault_uuid', 'user_uuid', 'day', 'user_name', 'user_email', 'account_uuid'] if target.type == 'bigquery' else 'day',
    incremental_strategy=onepassword_incremental_strategy(),
    pre_hook="{{ onepassword_empty_if_rebuilt('item_usages') }}",
) }}

{#- Never cut by a variable, because it is kept between runs. Only days that got rows since the last run are redone. -#}
{%- if is_incremental() %}
with fresh_days as (
  select {{ onepassword_to_date('fresh.occurred_at') }} as day
  from {{ ref('stg_onepassword__item_usages') }} as fresh
  where {{ onepassword_is_since('fresh.loaded_at', onepassword_type_timestamp(), onepassword_loaded_since('earlier'), this ~ ' as earlier') }}
  union distinct
  select {{ onepassword_to_date('fresh.occurred_at') }} as day
  from {{ ref('stg_onepassword__item_usages') }} as fresh
  where fresh.loaded_at is null
)
{% endif %}
select
  usages.vault_uuid,
  usages.user_uuid,
  {{ onepassword_to_date('usages.occurred_at') }} as day,
  coalesce(usages.user_name, '') as user_name,
  coalesce(usages.user_email, '') as user_email,
  coalesce(usages.account_uuid, '') as account_uuid,
  min({{ onepassword_user_type('usages.user_type', ['usages.user_account_uuid'], 'usages') }}) as user_type,
  cast(count(*) as {{ dbt.type_bigint() }}) as uses,
  cast(sum(case when actions.exposes_secret then 1 else 0 end) as {{ dbt.type_bigint() }}) as secret_uses,
  cast(sum(case when actions.takes_secret then 1 else 0 end) as {{ dbt.type_bigint() }}) as taken_uses,
  cast(sum(case when actions.takes_secret and actions.is_machine_work then 1 else 0 end) as {{ dbt.type_bigint() }}) as machine_uses,
  min(usages.occurred_at) as first_used_at,
  max(usages.occurred_at) as last_used_at,
  min(case when actions.exposes_secret then usages.occurred_at end) as first_secret_use_at,
  max(case when actions.exposes_secret then usages.occurred_at end) as last_secret_use_at,
  max(usages.loaded_at) as loaded_at
from {{ ref('stg_onepassword__item_usages') }} as usages
left join {{ ref('onepassword_item_actions') }} as actions on usages.action = actions.action
{%- if is_incremental() %}
inner join fresh_days on {{ onepassword_to_date('usages.occurred_at') }} = fresh_days.day
{%- endif %}
where not usages.is_undated
  and usages.vault_uuid is not null
  and usages.user_uuid is not null
{%- if is_incremental() %}
  {#- The first of these days alone tells DuckDB which rows it need not read. #}
  and usages.occurred_at >= (select {{ onepassword_day_start('min(fresh_days.day)') }} from fresh_days)
{%- endif %}
group by
  usages.vault_uuid, usages.user_uuid, {{ onepassword_to_date('usages.occurred_at') }},
  coalesce(usages.user_name, ''), coalesce(usages.user_email, ''), coalesce(usages.account_uuid, '')
