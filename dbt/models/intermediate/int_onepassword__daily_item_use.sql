{{ config(
    materialized='incremental',
    incremental_strategy='merge' if target.type == 'bigquery' else 'append',
    pre_hook="{{ onepassword_delete_changed_days() }}",
    partition_by=onepassword_partition_by_day('day', 'date'),
    cluster_by=onepassword_cluster_by(['user_uuid', 'vault_uuid']),
) }}

{#- Never cut by a variable, because it is kept between runs. A run makes the days that are not there. -#}
{%- set changed_days = onepassword_looked_up_days(onepassword_changed_days()) if is_incremental() else none %}
{%- set is_changed = onepassword_is_within('usages.occurred_at', changed_days) %}

with days as (
  select staged.day, staged.events
  from ({{ onepassword_item_use_days(is_changed) }}
  ) as staged
  {%- if is_incremental() %}
  left join (select distinct earlier.day from {{ this }} as earlier) as kept on staged.day = kept.day
  where kept.day is null
  {%- endif %}
)

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
  max(usages.loaded_at) as loaded_at,
  max(days.events) as day_events
from {{ ref('stg_onepassword__item_usages') }} as usages
left join {{ ref('onepassword_item_actions') }} as actions on usages.action = actions.action
inner join days on {{ onepassword_to_date('usages.occurred_at') }} = days.day
where usages.occurred_at is not null
  and usages.vault_uuid is not null
  and usages.user_uuid is not null
  and {{ is_changed }}
{%- if is_incremental() %}
  {#- The first of these days alone tells DuckDB which rows it need not read. #}
  and usages.occurred_at >= (select {{ onepassword_day_start('min(days.day)') }} from days)
{%- endif %}
group by
  usages.vault_uuid, usages.user_uuid, {{ onepassword_to_date('usages.occurred_at') }},
  coalesce(usages.user_name, ''), coalesce(usages.user_email, ''), coalesce(usages.account_uuid, '')
