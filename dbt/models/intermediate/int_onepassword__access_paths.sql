{#- Who could open which vault, when, and along which path: a grant of one's own, or a group's while one is in it. -#}

with grants as (
  select intervals.* from {{ ref('int_onepassword__intervals') }} as intervals where intervals.kind = 'group vault'
),

memberships as (
  select intervals.* from {{ ref('int_onepassword__intervals') }} as intervals where intervals.kind = 'membership'
),

group_paths as (
  select
    grants.container_uuid as vault_uuid,
    memberships.holder_uuid as user_uuid,
    grants.holder_uuid as group_uuid,
    {#- The later start, if it is certain that it is the later one: what is older than the log began before all it shows, unless the log shows what it is about begin. #}
    case
      when grants.opened_at is not null and memberships.opened_at is not null then greatest(grants.opened_at, memberships.opened_at)
      when memberships.opened_at is not null and (
        (grants.basis = 'older than the log' and grants.lower_bound is null)
        or memberships.opened_at > case when grants.basis = 'opening not seen' then grants.lower_bound else grants.known_since end
      ) then memberships.opened_at
      when grants.opened_at is not null and (
        (memberships.basis = 'older than the log' and memberships.lower_bound is null)
        or grants.opened_at > case when memberships.basis = 'opening not seen' then memberships.lower_bound else memberships.known_since end
      ) then grants.opened_at
    end as since,
    greatest(grants.known_since, memberships.known_since) as known_since,
    case
      when grants.lower_bound is null then memberships.lower_bound
      when memberships.lower_bound is null then grants.lower_bound
      else greatest(grants.lower_bound, memberships.lower_bound)
    end as lower_bound,
    {#- The earlier end. #}
    {%- for column in ['ended_at', 'ended_by', 'ended_by_uuid', 'last_event_uuid', 'is_end_ambiguous'] %}
    case
      when coalesce(memberships.ended_at < grants.ended_at, memberships.ended_at is not null) then memberships.{{ column }}
      else grants.{{ column }}
    end as {{ column }},
    {%- endfor %}
    grants.basis as grant_basis,
    memberships.basis as membership_basis,
    grants.opened_at as grant_opened_at,
    memberships.opened_at as membership_opened_at,
    grants.opened_by_uuid as grant_opened_by_uuid,
    memberships.opened_by_uuid as membership_opened_by_uuid,
    grants.first_event_uuid as grant_event_uuid,
    memberships.first_event_uuid as membership_event_uuid,
    grants.is_order_ambiguous or memberships.is_order_ambiguous as is_order_ambiguous
  from grants
  inner join memberships on grants.holder_uuid = memberships.container_uuid
  where (grants.ended_at is null or memberships.lower_bound is null or memberships.lower_bound < grants.ended_at)
    and (memberships.ended_at is null or grants.lower_bound is null or grants.lower_bound < memberships.ended_at)
)

select
  intervals.container_uuid as vault_uuid,
  intervals.holder_uuid as user_uuid,
  'direct' as path,
  cast(null as {{ dbt.type_string() }}) as group_uuid,
  intervals.opened_at as since,
  intervals.known_since,
  intervals.lower_bound,
  intervals.ended_at,
  intervals.ended_by,
  intervals.basis,
  intervals.opened_by_uuid,
  intervals.ended_by_uuid,
  intervals.first_event_uuid as grant_event_uuid,
  cast(null as {{ dbt.type_string() }}) as membership_event_uuid,
  intervals.last_event_uuid,
  intervals.is_order_ambiguous,
  intervals.is_end_ambiguous
from {{ ref('int_onepassword__intervals') }} as intervals
where intervals.kind = 'user vault'

union all
select
  group_paths.vault_uuid,
  group_paths.user_uuid,
  'group' as path,
  group_paths.group_uuid,
  group_paths.since,
  group_paths.known_since,
  group_paths.lower_bound,
  group_paths.ended_at,
  group_paths.ended_by,
  {#- 'granted' if `since` is known; otherwise why it is not. #}
  case
    when group_paths.since is not null then 'granted'
    when 'opening not seen' in (group_paths.grant_basis, group_paths.membership_basis) then 'opening not seen'
    when 'baseline' in (group_paths.grant_basis, group_paths.membership_basis) then 'baseline'
    else 'older than the log'
  end as basis,
  case group_paths.since
    when group_paths.grant_opened_at then group_paths.grant_opened_by_uuid
    when group_paths.membership_opened_at then group_paths.membership_opened_by_uuid
  end as opened_by_uuid,
  group_paths.ended_by_uuid,
  group_paths.grant_event_uuid,
  group_paths.membership_event_uuid,
  group_paths.last_event_uuid,
  group_paths.is_order_ambiguous,
  group_paths.is_end_ambiguous
from group_paths
