{#- Who could open which vault, when, and along which path: a grant of one's own, or a group's while one is in it. -#}

with grants as (
  select intervals.* from {{ ref('int_onepassword__intervals') }} as intervals where intervals.kind = 'group vault'
),

memberships as (
  select intervals.* from {{ ref('int_onepassword__intervals') }} as intervals where intervals.kind = 'membership'
),

combined as (
  select
    grants.container_uuid as vault_uuid,
    memberships.holder_uuid as user_uuid,
    grants.holder_uuid as group_uuid,
    grants.opened_at as grant_opened_at,
    grants.basis as grant_basis,
    grants.known_since as grant_known_since,
    grants.lower_bound as grant_lower_bound,
    grants.ended_at as grant_ended_at,
    grants.ended_by as grant_ended_by,
    grants.opened_by_uuid as grant_opened_by_uuid,
    grants.ended_by_uuid as grant_ended_by_uuid,
    grants.first_event_uuid as grant_first_event_uuid,
    grants.last_event_uuid as grant_last_event_uuid,
    grants.is_order_ambiguous as grant_is_order_ambiguous,
    grants.is_end_ambiguous as grant_is_end_ambiguous,
    memberships.opened_at as member_opened_at,
    memberships.basis as member_basis,
    memberships.known_since as member_known_since,
    memberships.lower_bound as member_lower_bound,
    memberships.ended_at as member_ended_at,
    memberships.ended_by as member_ended_by,
    memberships.opened_by_uuid as member_opened_by_uuid,
    memberships.ended_by_uuid as member_ended_by_uuid,
    memberships.first_event_uuid as member_first_event_uuid,
    memberships.last_event_uuid as member_last_event_uuid,
    memberships.is_order_ambiguous as member_is_order_ambiguous,
    memberships.is_end_ambiguous as member_is_end_ambiguous
  from grants
  inner join memberships on grants.holder_uuid = memberships.container_uuid
  where (grants.ended_at is null or memberships.lower_bound is null or memberships.lower_bound < grants.ended_at)
    and (memberships.ended_at is null or grants.lower_bound is null or grants.lower_bound < memberships.ended_at)
),

ended as (
  select
    combined.*,
    coalesce(combined.member_ended_at < combined.grant_ended_at, combined.member_ended_at is not null) as member_ended_first,
    {#- The later start, if it is certain that it is the later one: what is older than the log began before all it shows, unless the log shows what it is about begin. #}
    case
      when combined.grant_opened_at is not null and combined.member_opened_at is not null
        then greatest(combined.grant_opened_at, combined.member_opened_at)
      when combined.member_opened_at is not null and (
        (combined.grant_basis = 'older than the log' and combined.grant_lower_bound is null)
        or combined.member_opened_at > case when combined.grant_basis = 'opening not seen' then combined.grant_lower_bound else combined.grant_known_since end
      ) then combined.member_opened_at
      when combined.grant_opened_at is not null and (
        (combined.member_basis = 'older than the log' and combined.member_lower_bound is null)
        or combined.grant_opened_at > case when combined.member_basis = 'opening not seen' then combined.member_lower_bound else combined.member_known_since end
      ) then combined.grant_opened_at
    end as since
  from combined
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
  ended.vault_uuid,
  ended.user_uuid,
  'group' as path,
  ended.group_uuid,
  ended.since,
  greatest(ended.grant_known_since, ended.member_known_since) as known_since,
  case
    when ended.grant_lower_bound is null then ended.member_lower_bound
    when ended.member_lower_bound is null then ended.grant_lower_bound
    else greatest(ended.grant_lower_bound, ended.member_lower_bound)
  end as lower_bound,
  case when ended.member_ended_first then ended.member_ended_at else ended.grant_ended_at end as ended_at,
  case when ended.member_ended_first then ended.member_ended_by else ended.grant_ended_by end as ended_by,
  {#- 'granted' if `since` is known; otherwise why it is not. #}
  case
    when ended.since is not null then 'granted'
    when 'opening not seen' in (ended.grant_basis, ended.member_basis) then 'opening not seen'
    when 'baseline' in (ended.grant_basis, ended.member_basis) then 'baseline'
    else 'older than the log'
  end as basis,
  case ended.since
    when ended.grant_opened_at then ended.grant_opened_by_uuid
    when ended.member_opened_at then ended.member_opened_by_uuid
  end as opened_by_uuid,
  case when ended.member_ended_first then ended.member_ended_by_uuid else ended.grant_ended_by_uuid end as ended_by_uuid,
  ended.grant_first_event_uuid as grant_event_uuid,
  ended.member_first_event_uuid as membership_event_uuid,
  case when ended.member_ended_first then ended.member_last_event_uuid else ended.grant_last_event_uuid end as last_event_uuid,
  ended.grant_is_order_ambiguous or ended.member_is_order_ambiguous as is_order_ambiguous,
  case when ended.member_ended_first then ended.member_is_end_ambiguous else ended.grant_is_end_ambiguous end as is_end_ambiguous
from ended
