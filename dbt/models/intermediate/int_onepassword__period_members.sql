{#- The state of people at the end of the period: what happened after it, a return for instance, changes nothing of it. -#}
{% set end = onepassword_evidence_end() %}
{% set end_day = onepassword_to_date(end) %}
{% set dormant_before = onepassword_add_days(end, -onepassword_setting('dormant_days')) %}

with acts as (
  select meanings.actor_uuid as user_uuid, meanings.occurred_at as last_act_at
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  where meanings.occurred_at <= {{ end }}
  union all
  select attempts.target_user_uuid, attempts.occurred_at
  from {{ ref('int_onepassword__sign_in_attempts') }} as attempts
  inner join (
    select distinct seed.category from {{ ref('onepassword_sign_in_outcomes') }} as seed where seed.outcome = 'success'
  ) as successes on attempts.category = successes.category
  where attempts.occurred_at <= {{ end }}
  union all
  select daily.user_uuid, daily.last_used_at
  from {{ ref('int_onepassword__item_use_by_day') }} as daily
  where daily.day < {{ end_day }}
  union all
  select usages.user_uuid, usages.occurred_at
  from {{ ref('int_onepassword__item_usages') }} as usages
  where usages.occurred_at >= {{ onepassword_day_start(end_day) }}
    and usages.occurred_at <= {{ end }}
),

last_acts as (
  select acts.user_uuid, max(acts.last_act_at) as last_act_at
  from acts
  group by acts.user_uuid
),

returns as (
  select joinings.user_uuid, max(joinings.joined_at) as joined_at, max(joinings.reactivated_at) as reactivated_at
  from (
    select joined.user_uuid, joined.joined_at, cast(null as {{ onepassword_type_timestamp() }}) as reactivated_at
    from {{ ref('int_onepassword__joinings') }} as joined
    where joined.joined_at <= {{ end }}
    union all
    select events.object_uuid, cast(null as {{ onepassword_type_timestamp() }}), events.occurred_at
    from {{ ref('int_onepassword__audit_events') }} as events
    where events.object_type = 'user'
      and events.action = 'reactive'
      and events.occurred_at <= {{ end }}
  ) as joinings
  group by joinings.user_uuid
),

access as (
  select paths.user_uuid, count(distinct paths.vault_uuid) as vaults
  from {{ ref('int_onepassword__period_access') }} as paths
  group by paths.user_uuid
),

{#- Since when sign-ins and item usages are both on record; null if one of them is not. #}
activity as (
  select case when count(streams.first_event_at) = 2 then max(streams.first_event_at) end as seen_from
  from (
    select min(attempts.occurred_at) as first_event_at from {{ ref('int_onepassword__sign_in_attempts') }} as attempts
    union all
    select min(daily.first_used_at) as first_event_at from {{ ref('int_onepassword__item_use_by_day') }} as daily
  ) as streams
),

members as (
  select
    people.user_uuid,
    people.user_name,
    people.user_email,
    people.kind,
    coalesce(statuses.status, case when people.acted_at <= {{ end }} then 'active' else 'unknown' end) as status,
    statuses.known_since as status_known_since,
    statuses.event_uuid as status_event_uuid,
    coalesce(statuses.is_order_ambiguous, false) as is_order_ambiguous,
    people.first_seen_at,
    {{ onepassword_covered_from('members', end) }} as coverage_from,
    settings.account_uuid
  from {{ ref('int_onepassword__people') }} as people
  cross join {{ ref('int_onepassword__settings') }} as settings
  left join {{ ref('int_onepassword__member_statuses') }} as statuses
    on people.user_uuid = statuses.user_uuid
    and statuses.known_since <= {{ end }}
    and (statuses.ended_at is null or statuses.ended_at > {{ end }})
  where coalesce(people.kind, 'person') <> 'external'
    and (people.first_seen_at <= {{ end }} or statuses.user_uuid is not null)
)

select
  members.*,
  last_acts.last_act_at,
  returns.joined_at,
  returns.reactivated_at,
  {#- Silence proves nothing of a time that is not on record. #}
  case
    when members.status in ('suspended', 'removed') then false
    when members.status = 'unknown' then cast(null as boolean)
    when last_acts.last_act_at >= {{ dormant_before }} then false
    when returns.joined_at > {{ dormant_before }} or returns.reactivated_at > {{ dormant_before }} then false
    when activity.seen_from <= {{ dormant_before }} then true
  end as is_dormant,
  cast(coalesce(access.vaults, 0) as {{ dbt.type_bigint() }}) as vaults
from members
cross join activity
left join last_acts on members.user_uuid = last_acts.user_uuid
left join returns on members.user_uuid = returns.user_uuid
left join access on members.user_uuid = access.user_uuid
