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
  select usages.user_uuid, usages.vault_uuid, usages.event_uuid, usages.occurred_at
  from {{ ref('int_onepassword__item_usages') }} as usages
  inner join candidates
    on usages.vault_uuid = candidates.vault_uuid
    and usages.user_uuid = candidates.user_uuid
    and {{ onepassword_to_date('usages.occurred_at') }} = candidates.day
),

events as (
  select
    {{ dbt.concat(['uses.vault_uuid', "' '", 'uses.user_uuid']) }} as window_key,
    uses.user_uuid as subject_uuid,
    coalesce(people.user_name, people.user_email) as subject,
    coalesce(vaults.name, uses.vault_uuid) as object,
    cast(null as {{ dbt.type_string() }}) as detail,
    uses.event_uuid,
    uses.occurred_at
  from uses
  {{ onepassword_join_access('uses') | indent(2) }}
  left join {{ ref('int_onepassword__names') }} as vaults on vaults.kind = 'vault' and uses.vault_uuid = vaults.uuid
  left join {{ ref('int_onepassword__people') }} as people on uses.user_uuid = people.user_uuid
  where {{ onepassword_had_access('uses') | indent(2) }} = 'no'
)

{{ onepassword_finding('used_without_access', stream="'item_usages'") }}
