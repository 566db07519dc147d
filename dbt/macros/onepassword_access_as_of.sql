{#-
  Who could open which vault at a past time, in the columns of `onepassword__current_vault_access`. `moment` is a date or
  date-time in quotes ('2026-05-03T12:00:00Z'; a date alone is its first instant) or a timestamp in SQL. Not later than
  `onepassword_as_of`, for the models hold nothing after it: a date that is later ends the run with a sentence. Before the
  log began nothing is known, so there are no rows.
-#}
{%- macro onepassword_access_as_of(moment) -%}
  {%- set parsed = onepassword.onepassword_parse_time(moment) -%}
  {%- if execute and parsed and parsed > onepassword.onepassword_as_of_time() -%}
    {{ exceptions.raise_compiler_error("onepassword_access_as_of is asked for '" ~ moment ~ "', which is later than onepassword_as_of (" ~ onepassword.onepassword_as_of_time() ~ '). Nothing is known of that time: ask for an earlier one.') }}
  {%- endif -%}
  {%- set at_time = onepassword.onepassword_timestamp_literal(parsed) if parsed else moment -%}
  {%- set window_start = onepassword.onepassword_add_days(at_time, -90) %}
with open_paths as (
  select paths.*
  from {{ ref('int_onepassword__access_paths') }} as paths
  cross join {{ ref('int_onepassword__settings') }} as settings
  where coalesce(paths.lower_bound, settings.log_start) <= {{ at_time }}
    and (paths.ended_at is null or paths.ended_at > {{ at_time }})
),

{#- Whole days from the roll-up; of the first and the last day, the events. #}
used as (
  select uses.vault_uuid, uses.user_uuid, sum(uses.uses_90_days) as uses_90_days, max(uses.last_used_at) as last_used_at
  from (
    select
      daily.vault_uuid, daily.user_uuid, daily.last_used_at,
      case when daily.day > {{ onepassword.onepassword_to_date(window_start) }} then daily.uses else 0 end as uses_90_days
    from {{ ref('int_onepassword__item_use_by_day') }} as daily
    where daily.day < {{ onepassword.onepassword_to_date(at_time) }}
    union all
    select usages.vault_uuid, usages.user_uuid, usages.occurred_at, 1
    from {{ ref('int_onepassword__item_usages') }} as usages
    where usages.occurred_at >= {{ onepassword.onepassword_day_start(onepassword.onepassword_to_date(at_time)) }}
      and usages.occurred_at <= {{ at_time }}
    union all
    select usages.vault_uuid, usages.user_uuid, usages.occurred_at, 1
    from {{ ref('int_onepassword__item_usages') }} as usages
    where usages.occurred_at > {{ window_start }}
      and usages.occurred_at < {{ onepassword.onepassword_day_start(onepassword.onepassword_to_date(onepassword.onepassword_add_days(window_start, 1))) }}
  ) as uses
  group by uses.vault_uuid, uses.user_uuid
),

statuses as (
  select statuses.user_uuid, statuses.status, statuses.is_order_ambiguous
  from {{ ref('int_onepassword__member_statuses') }} as statuses
  where statuses.known_since <= {{ at_time }}
    and (statuses.ended_at is null or statuses.ended_at > {{ at_time }})
),

people as (
  select
    people.user_uuid,
    people.user_name,
    people.user_email,
    people.kind,
    coalesce(statuses.status, case when people.acted_at <= {{ at_time }} then 'active' else 'unknown' end) as status,
    coalesce(statuses.is_order_ambiguous, false) as is_order_ambiguous
  from {{ ref('int_onepassword__people') }} as people
  left join statuses on people.user_uuid = statuses.user_uuid
)

select
  {{ onepassword.onepassword_key(['open_paths.vault_uuid', 'open_paths.user_uuid', 'open_paths.path', 'open_paths.group_uuid']) }} as current_vault_access_id,
  open_paths.vault_uuid,
  vault_names.name as vault_name,
  open_paths.user_uuid,
  people.user_name,
  people.user_email,
  people.kind as user_kind,
  open_paths.path,
  open_paths.group_uuid,
  group_names.name as group_name,
  open_paths.since,
  open_paths.known_since,
  open_paths.basis,
  people.status as user_status,
  case people.status when 'active' then true when 'suspended' then false when 'removed' then false end as is_usable,
  used.last_used_at,
  cast(coalesce(used.uses_90_days, 0) as {{ dbt.type_bigint() }}) as uses_90_days,
  open_paths.opened_by_uuid as given_by_uuid,
  open_paths.grant_event_uuid,
  open_paths.membership_event_uuid,
  open_paths.is_order_ambiguous or coalesce(people.is_order_ambiguous, false) as is_order_ambiguous,
  {#- What 1Password's log leaves open, and the row rests on. #}
  case
    when people.status = 'suspended' then 'access while suspended'
    when vault_creators.user_uuid is not null or group_creators.user_uuid is not null then 'access by creation'
  end as open_question,
  permissions.permissions,
  {{ onepassword.onepassword_may_view_items('permissions.permissions') }} as may_view_items,
  coverage.covered_from as coverage_from,
  settings.account_uuid
from open_paths
cross join {{ ref('int_onepassword__settings') }} as settings
left join people on open_paths.user_uuid = people.user_uuid
{#- A way through a group has the group's permissions. #}
left join {{ ref('int_onepassword__permissions') }} as permissions
  on open_paths.vault_uuid = permissions.container_uuid
  and coalesce(open_paths.group_uuid, open_paths.user_uuid) = permissions.holder_uuid
  and permissions.kind = case open_paths.path when 'group' then 'group vault' else 'user vault' end
  and permissions.known_from <= {{ at_time }}
  and (permissions.known_to is null or permissions.known_to > {{ at_time }})
left join {{ ref('int_onepassword__coverage') }} as coverage
  on coverage.what = 'access'
  and open_paths.vault_uuid = coverage.container_uuid
  and {{ onepassword.onepassword_reaches('coverage', at_time) }}
left join used
  on open_paths.vault_uuid = used.vault_uuid
  and open_paths.user_uuid = used.user_uuid
left join {{ ref('int_onepassword__names') }} as vault_names
  on open_paths.vault_uuid = vault_names.uuid
  and vault_names.kind = 'vault'
left join {{ ref('int_onepassword__names') }} as group_names
  on open_paths.group_uuid = group_names.uuid
  and group_names.kind = 'group'
left join {{ ref('int_onepassword__creators') }} as vault_creators
  on open_paths.vault_uuid = vault_creators.created_uuid
  and open_paths.user_uuid = vault_creators.user_uuid
  and open_paths.path = 'direct'
  and vault_creators.kind = 'vault'
left join {{ ref('int_onepassword__creators') }} as group_creators
  on open_paths.group_uuid = group_creators.created_uuid
  and open_paths.user_uuid = group_creators.user_uuid
  and group_creators.kind = 'group'
{%- endmacro -%}
