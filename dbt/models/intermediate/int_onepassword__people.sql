{#- Everybody who appears in an event or in a baseline, whether they acted or were acted upon. -#}
{% set no_time = 'cast(null as ' ~ onepassword_type_timestamp() ~ ')' %}
{% set actor_type = onepassword_user_type('coalesce(events.actor_user_type, events.actor_type)', ['events.actor_account_uuid', 'events.actor_user_account_uuid'], 'events') %}
{% set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}

with appearances as (
  select
    events.actor_uuid as user_uuid, events.actor_name as user_name, events.actor_email as user_email,
    {{ actor_type }} as user_type,
    min(events.occurred_at) as first_at, max(events.occurred_at) as last_at,
    {#- What a machine writes by itself shows that somebody is there, and is no activity of theirs. #}
    min(events.occurred_at) as acted_at, max(case when not coalesce(pairs.is_chatter, false) then events.occurred_at end) as last_act_at,
    {{ no_time }} as last_sign_in_at, {{ no_time }} as last_item_use_at, max(events.occurred_at) as named_at
  from {{ ref('int_onepassword__audit_events') }} as events
  left join {{ ref('onepassword_audit_pairs') }} as pairs
    on events.object_type = pairs.object_type
    and events.action = pairs.action
  where events.actor_uuid is not null
  group by events.actor_uuid, events.actor_name, events.actor_email, {{ actor_type }}

  union all
  select
    events.object_uuid, events.object_name, events.object_email, {{ onepassword_user_type('events.object_user_type', ['events.object_user_account_uuid'], 'events') }},
    min(events.occurred_at), max(events.occurred_at), {{ no_time }}, {{ no_time }}, {{ no_time }}, {{ no_time }}, max(events.occurred_at)
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.object_type = 'user'
    and events.object_uuid is not null
  group by
    events.object_uuid, events.object_name, events.object_email,
    {{ onepassword_user_type('events.object_user_type', ['events.object_user_account_uuid'], 'events') }}

  union all
  select
    events.aux_uuid, events.aux_name, events.aux_email, {{ onepassword_user_type('events.aux_user_type', ['events.aux_user_account_uuid'], 'events') }},
    min(events.occurred_at), max(events.occurred_at), {{ no_time }}, {{ no_time }}, {{ no_time }}, {{ no_time }}, max(events.occurred_at)
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.aux_uuid is not null
    and (events.object_type in ('uva', 'gm') or events.aux_email is not null)
  group by
    events.aux_uuid, events.aux_name, events.aux_email,
    {{ onepassword_user_type('events.aux_user_type', ['events.aux_user_account_uuid'], 'events') }}

  {#- A service account is an object of its own, whose name no event tells. #}
  union all
  select
    events.object_uuid, {{ no_text }}, {{ no_text }}, 'service account',
    min(events.occurred_at), max(events.occurred_at), {{ no_time }}, {{ no_time }}, {{ no_time }}, {{ no_time }}, max(events.occurred_at)
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.object_type = 'sa'
    and events.object_uuid is not null
  group by events.object_uuid

  union all
  select
    attempts.target_user_uuid, attempts.target_user_name, attempts.target_user_email, {{ onepassword_user_type('attempts.target_user_type', ['attempts.target_user_account_uuid'], 'attempts') }},
    min(attempts.occurred_at), max(attempts.occurred_at),
    min(case when outcomes.outcome = 'success' then attempts.occurred_at end),
    max(case when outcomes.outcome = 'success' then attempts.occurred_at end),
    max(case when outcomes.outcome = 'success' then attempts.occurred_at end),
    {{ no_time }}, max(attempts.occurred_at)
  from {{ ref('int_onepassword__sign_in_attempts') }} as attempts
  left join (
    select distinct seed.category, seed.outcome from {{ ref('onepassword_sign_in_outcomes') }} as seed
  ) as outcomes on attempts.category = outcomes.category
  where attempts.target_user_uuid is not null
  group by
    attempts.target_user_uuid, attempts.target_user_name, attempts.target_user_email,
    {{ onepassword_user_type('attempts.target_user_type', ['attempts.target_user_account_uuid'], 'attempts') }}

  union all
  select
    uses.user_uuid, uses.user_name, uses.user_email, uses.user_type,
    min(uses.first_used_at), max(uses.last_used_at),
    min(uses.first_used_at), max(uses.last_used_at), {{ no_time }}, max(uses.last_used_at), max(uses.last_used_at)
  from {{ ref('int_onepassword__item_use_by_day') }} as uses
  group by uses.user_uuid, uses.user_name, uses.user_email, uses.user_type

  union all
  select
    baseline.user_uuid, baseline.name, baseline.email,
    case lower(baseline.kind) when 'guest' then 'listed guest' when 'service account' then 'listed service account' else 'listed' end,
    {{ no_time }}, {{ no_time }}, {{ no_time }}, {{ no_time }}, {{ no_time }}, {{ no_time }}, baseline.as_of
  from {{ onepassword_input('baseline_members') }} as baseline
  where baseline.user_uuid is not null
    and baseline.as_of <= {{ onepassword_as_of() }}
),

named as (
  select
    appearances.user_uuid,
    appearances.user_name,
    appearances.user_email,
    row_number() over (
      partition by appearances.user_uuid
      order by
        appearances.named_at desc,
        case when appearances.user_email is null then 1 else 0 end,
        {{ onepassword_ordered('appearances.user_email') }},
        case when appearances.user_name is null then 1 else 0 end,
        {{ onepassword_ordered('appearances.user_name') }}
    ) as newest_first
  from appearances
  where appearances.user_name is not null
    or appearances.user_email is not null
),

people as (
  select
    appearances.user_uuid,
    max(case appearances.user_type when 'service account' then 3 when 'listed service account' then 3 when 'listed guest' then 1 when 'external_user' then 2 when 'guest' then 1 else 0 end) as kind_rank,
    max(case when appearances.user_type like 'listed%' then 1 else 0 end) = 1 as is_listed,
    min(appearances.first_at) as first_seen_at,
    max(appearances.last_at) as last_seen_at,
    min(appearances.acted_at) as acted_at,
    max(appearances.last_act_at) as last_act_at,
    max(appearances.last_sign_in_at) as last_sign_in_at,
    max(appearances.last_item_use_at) as last_item_use_at
  from appearances
  group by appearances.user_uuid
)

select
  people.user_uuid,
  named.user_name,
  named.user_email,
  case
    when people.kind_rank = 3 or lower(named.user_email) like '%@1passwordserviceaccounts.com' then 'service account'
    {#- Whoever 1Password lists as a member is in the account, whatever account is theirs. #}
    when people.kind_rank = 2 and not people.is_listed then 'external'
    when people.kind_rank >= 1 then 'guest'
    else 'person'
  end as kind,
  people.first_seen_at,
  people.last_seen_at,
  people.acted_at,
  people.last_act_at,
  people.last_sign_in_at,
  people.last_item_use_at
from people
left join named
  on people.user_uuid = named.user_uuid
  and named.newest_first = 1
