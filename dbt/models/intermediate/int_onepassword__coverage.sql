{#-
  When the lists of the baselines and the audit log tell everything: from a baseline until the log next fell silent
  unexplained. A later baseline makes the lists complete again. A row without a container is about the whole list, and
  leaves out of account what the baselines could not read.
-#}
with holes as (
  select
    coverage.day,
    {#- The last event before the silence: nothing tells that the log was whole for the rest of that day. #}
    coalesce(before.last_event_at, {{ onepassword_day_start('coverage.day') }}) as hole_at
  from {{ ref('onepassword__daily_coverage') }} as coverage
  left join {{ ref('int_onepassword__deliveries') }} as before
    on before.stream = 'audit_events'
    and before.day = {{ onepassword_date_add('coverage.day', -1) }}
  where coverage.stream = 'audit_events'
    and (coverage.is_gap or coverage.is_unexplained)
  union all
  select cast(null as date), cast(null as {{ onepassword_type_timestamp() }})
),

{#- A baseline that is older than the log leaves a stretch of time unseen, and one amid a silence what came after it. #}
baselines as (
  select baselines.*, case when baselines.hole_at < log.loaded_at then baselines.hole_at else log.loaded_at end as covered_to
  from (
    select
      baselines.as_of,
      baselines.lists_members,
      baselines.lists_memberships,
      baselines.lists_grants,
      min(case when holes.day >= {{ onepassword_to_date('baselines.as_of') }} then holes.hole_at end) as hole_at
    from {{ ref('int_onepassword__baselines') }} as baselines
    cross join {{ ref('int_onepassword__settings') }} as settings
    cross join holes
    where baselines.as_of >= settings.log_start
    group by baselines.as_of, baselines.lists_members, baselines.lists_memberships, baselines.lists_grants
  ) as baselines
  cross join {{ ref('int_onepassword__log_end') }} as log
  where coalesce(baselines.hole_at > baselines.as_of, true)
),

lists as (
  {%- for list in ['members', 'memberships', 'grants'] %}
  select '{{ list }}' as what, cast(null as {{ dbt.type_string() }}) as container_uuid, baselines.as_of, baselines.hole_at, baselines.covered_to
  from baselines
  where baselines.lists_{{ list }}
  union all
  {%- endfor %}
  select
    case scopes.kind when 'vault' then 'grants' else 'memberships' end, scopes.container_uuid, baselines.as_of,
    baselines.hole_at, baselines.covered_to
  from {{ ref('int_onepassword__baseline_scopes') }} as scopes
  inner join baselines on scopes.as_of = baselines.as_of
),

{#- Those before the same hole are one stretch. #}
stretches as (
  select
    lists.what,
    lists.container_uuid,
    min(lists.as_of) as covered_from,
    lists.hole_at,
    lists.covered_to,
    coalesce(lists.hole_at, {{ onepassword_end_of_time() }}) as period
  from lists
  group by lists.what, lists.container_uuid, lists.hole_at, lists.covered_to
),

{#- Who can open a vault is known while its grants are, and the members of each group that holds it. #}
vaults as (
  select
    grants.container_uuid,
    greatest(grants.covered_from, memberships.covered_from) as covered_from,
    grants.hole_at,
    grants.covered_to,
    grants.period
  from stretches as grants
  inner join stretches as memberships
    on grants.period = memberships.period
    and memberships.what = 'memberships'
    and memberships.container_uuid is null
  where grants.what = 'grants'
),

{#- The groups that hold a vault, or held it since then. #}
holding as (
  select distinct vaults.container_uuid, vaults.period, held.holder_uuid as group_uuid
  from vaults
  inner join {{ ref('int_onepassword__intervals') }} as held
    on held.kind = 'group vault'
    and vaults.container_uuid = held.container_uuid
  where (held.ended_at is null or held.ended_at > vaults.covered_from)
    and (held.lower_bound is null or held.lower_bound < vaults.period)
),

through_groups as (
  select
    holding.container_uuid,
    holding.period,
    max(memberships.covered_from) as covered_from,
    count(*) - count(memberships.container_uuid) as unlisted_groups
  from holding
  left join stretches as memberships
    on memberships.what = 'memberships'
    and holding.group_uuid = memberships.container_uuid
    and holding.period = memberships.period
  group by holding.container_uuid, holding.period
)

select stretches.what, stretches.container_uuid, stretches.covered_from, stretches.hole_at, stretches.covered_to
from stretches
union all
select
  'access',
  vaults.container_uuid,
  case when through_groups.covered_from > vaults.covered_from then through_groups.covered_from else vaults.covered_from end,
  vaults.hole_at,
  vaults.covered_to
from vaults
left join through_groups
  on vaults.container_uuid = through_groups.container_uuid
  and vaults.period = through_groups.period
where coalesce(through_groups.unlisted_groups, 0) = 0
