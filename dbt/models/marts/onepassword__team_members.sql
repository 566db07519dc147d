{% set dormant_before = onepassword_add_days(onepassword_as_of(), -onepassword_setting('dormant_days')) %}

with lifecycle as (
  select
    events.object_uuid as user_uuid,
    max(case when events.action = 'suspend' then events.occurred_at end) as suspended_at,
    max(case when events.action = 'reactive' then events.occurred_at end) as reactivated_at,
    max(case when events.action in ('delete', 'leave') then events.occurred_at end) as removed_at
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.object_type in ('user', 'sa')
    and events.object_uuid is not null
    and events.action in ('suspend', 'reactive', 'delete', 'leave')
  group by events.object_uuid
),

statuses as (
  select statuses.user_uuid, statuses.status, statuses.changed_by_uuid, statuses.is_order_ambiguous
  from {{ ref('int_onepassword__member_statuses') }} as statuses
  where statuses.ended_at is null
),

joined as (
  select joinings.user_uuid, max(joinings.joined_at) as joined_at
  from {{ ref('int_onepassword__joinings') }} as joinings
  group by joinings.user_uuid
),

access as (
  select paths.user_uuid, count(distinct paths.vault_uuid) as current_vaults
  from {{ ref('onepassword__current_vault_access') }} as paths
  group by paths.user_uuid
),

{#- Since when sign-ins and item usages are both on record; null if one of them is not. #}
activity as (
  select
    case when count(streams.first_event_at) = 2 then max(streams.first_event_at) end as seen_from
  from (
    select min(attempts.occurred_at) as first_event_at from {{ ref('int_onepassword__sign_in_attempts') }} as attempts
    union all
    select min(daily.first_used_at) as first_event_at from {{ ref('int_onepassword__item_use_by_day') }} as daily
  ) as streams
),

members as (
  select
    people.*,
    coalesce(statuses.status, case when people.acted_at is not null then 'active' else 'unknown' end) as status,
    statuses.changed_by_uuid as status_changed_by_uuid,
    coalesce(statuses.is_order_ambiguous, false) as is_order_ambiguous,
    invitations.invited_at,
    joined.joined_at,
    lifecycle.suspended_at,
    lifecycle.reactivated_at,
    lifecycle.removed_at,
    cast(coalesce(access.current_vaults, 0) as {{ dbt.type_bigint() }}) as current_vaults
  from {{ ref('int_onepassword__people') }} as people
  left join statuses on people.user_uuid = statuses.user_uuid
  left join joined on people.user_uuid = joined.user_uuid
  left join lifecycle on people.user_uuid = lifecycle.user_uuid
  left join {{ ref('int_onepassword__invitations') }} as invitations on people.user_uuid = invitations.user_uuid
  left join access on people.user_uuid = access.user_uuid
  where coalesce(people.kind, 'person') <> 'external'
)

select
  members.user_uuid,
  members.user_name,
  members.user_email,
  members.kind,
  members.status,
  members.invited_at,
  members.joined_at,
  members.suspended_at,
  members.reactivated_at,
  members.removed_at,
  members.status_changed_by_uuid,
  members.last_sign_in_at,
  members.last_item_use_at,
  {#- Silence proves nothing of a time that is not on record. #}
  case
    when members.status in ('suspended', 'removed') then false
    when members.status = 'unknown' then cast(null as boolean)
    when members.last_act_at >= {{ dormant_before }} then false
    when members.joined_at > {{ dormant_before }} or members.reactivated_at > {{ dormant_before }} then false
    when activity.seen_from <= {{ dormant_before }} then true
  end as is_dormant,
  members.current_vaults,
  members.first_seen_at,
  members.last_seen_at,
  members.is_order_ambiguous,
  {{ onepassword_covered_from('members', onepassword_as_of()) }} as coverage_from,
  settings.account_uuid
from members
cross join activity
cross join {{ ref('int_onepassword__settings') }} as settings
