{#-
  Of which vaults and groups each baseline lists everything: without `baseline_vaults` and `baseline_groups` of all, else of
  those that they name. What the log shows begin later was not there to be listed, and nothing of it is hidden.
-#}
with named as (
  select distinct 'vault' as kind, listed.vault_uuid as container_uuid, listed.as_of
  from {{ onepassword_input('baseline_vaults') }} as listed
  union all
  select distinct 'group' as kind, listed.group_uuid as container_uuid, listed.as_of
  from {{ onepassword_input('baseline_groups') }} as listed
),

scopes as (
  select
    containers.kind,
    containers.uuid as container_uuid,
    baselines.as_of,
    baselines.read_until,
    case when begun.began_at > baselines.as_of then begun.began_at end as began_later_at,
    case containers.kind when 'vault' then not baselines.has_vault_scope else not baselines.has_group_scope end
      or named.container_uuid is not null as is_named
  from {{ ref('int_onepassword__identifiers') }} as containers
  cross join {{ ref('int_onepassword__baselines') }} as baselines
  left join {{ ref('int_onepassword__beginnings') }} as begun
    on containers.uuid = begun.begun_uuid
    and begun.began_at = begun.first_began_at
  left join named
    on containers.kind = named.kind
    and containers.uuid = named.container_uuid
    and baselines.as_of = named.as_of
  where (containers.kind = 'vault' and baselines.lists_grants)
    or (containers.kind = 'group' and baselines.lists_memberships)
)

select
  scopes.kind,
  scopes.container_uuid,
  scopes.as_of,
  scopes.read_until,
  scopes.began_later_at,
  scopes.is_named,
  lag(scopes.as_of) over (partition by scopes.kind, scopes.container_uuid order by scopes.as_of) as previous_as_of
from scopes
where scopes.container_uuid is not null
  and (scopes.is_named or scopes.began_later_at is not null)
