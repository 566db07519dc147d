{{ onepassword_finding_config('used_without_access') }}
{#- Without a baseline of vaults and groups nobody can say that an access did not exist. -#}
with candidates as (
  select distinct daily.vault_uuid, daily.user_uuid, daily.day
  from {{ ref('int_onepassword__item_use_by_day') }} as daily
  inner join {{ ref('int_onepassword__coverage') }} as coverage
    on coverage.what = 'access'
    and daily.vault_uuid = coverage.container_uuid
    and daily.last_used_at > coverage.covered_from
    and daily.first_used_at < coverage.covered_to
  left join {{ ref('int_onepassword__access_stretches') }} as stretches
    on stretches.has_access
    and daily.vault_uuid = stretches.vault_uuid
    and daily.user_uuid = stretches.user_uuid
    and daily.first_used_at >= coalesce(stretches.starts_at, {{ onepassword_beginning() }})
    and daily.last_used_at < coalesce(stretches.ends_at, {{ onepassword_end_of_time() }})
  where stretches.vault_uuid is null
    and {{ 'true' if onepassword_has_input('baseline_vault_access') and onepassword_has_input('baseline_group_members') else 'false' }}
),

uses as (
  select
    access.user_uuid,
    access.vault_uuid,
    access.vault_name,
    access.event_uuid,
    access.occurred_at,
    {{ dbt.concat(['access.vault_uuid', "' '", 'access.user_uuid']) }} as window_key
  from {{ ref('onepassword__item_access') }} as access
  inner join candidates
    on access.vault_uuid = candidates.vault_uuid
    and access.user_uuid = candidates.user_uuid
    and {{ onepassword_to_date('access.occurred_at') }} = candidates.day
  where access.had_access = 'no'
),

events as (
  select
    uses.window_key,
    uses.user_uuid as subject_uuid,
    coalesce(people.user_name, people.user_email) as subject,
    coalesce(uses.vault_name, uses.vault_uuid) as object,
    cast(null as {{ dbt.type_string() }}) as detail,
    uses.event_uuid,
    uses.occurred_at
  from uses
  left join {{ ref('int_onepassword__people') }} as people on uses.user_uuid = people.user_uuid
)

{{ onepassword_finding('used_without_access', stream="'item_usages'") }}
