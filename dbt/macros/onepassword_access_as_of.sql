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
with paths as (
  select
    paths.*,
    coalesce(
      statuses.status,
      case when paths.acted_at <= {{ at_time }} then 'active' when paths.user_kind is not null then 'unknown' end
    ) as user_status,
    coalesce(statuses.is_order_ambiguous, false) as is_status_ambiguous
  from {{ ref('int_onepassword__named_access_paths') }} as paths
  left join {{ ref('int_onepassword__member_statuses') }} as statuses
    on paths.user_uuid = statuses.user_uuid
    and statuses.known_since <= {{ at_time }}
    and (statuses.ended_at is null or statuses.ended_at > {{ at_time }})
  where paths.open_from <= {{ at_time }}
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
)

select
  paths.current_vault_access_id, paths.vault_uuid, paths.vault_name, paths.user_uuid,
  paths.user_name, paths.user_email, paths.user_kind,
  paths.path, paths.group_uuid, paths.group_name,
  paths.since, paths.known_since, paths.basis, paths.user_status,
  case paths.user_status when 'active' then true when 'suspended' then false when 'removed' then false end as is_usable,
  used.last_used_at,
  cast(coalesce(used.uses_90_days, 0) as {{ dbt.type_bigint() }}) as uses_90_days,
  paths.given_by_uuid, paths.grant_event_uuid, paths.membership_event_uuid,
  paths.is_order_ambiguous or paths.is_status_ambiguous as is_order_ambiguous,
  case
    when paths.user_status = 'suspended' then 'access while suspended'
    when paths.is_by_creation then 'access by creation'
  end as open_question,
  permissions.permissions,
  permissions.may_view_items,
  coverage.covered_from as coverage_from,
  paths.account_uuid
from paths
left join {{ ref('int_onepassword__permissions') }} as permissions
  on paths.vault_uuid = permissions.container_uuid
  and paths.grant_holder_uuid = permissions.holder_uuid
  and paths.grant_kind = permissions.kind
  and permissions.known_from <= {{ at_time }}
  and (permissions.known_to is null or permissions.known_to > {{ at_time }})
left join {{ ref('int_onepassword__coverage') }} as coverage
  on coverage.what = 'access'
  and paths.vault_uuid = coverage.container_uuid
  and {{ onepassword.onepassword_reaches('coverage', at_time) }}
left join used
  on paths.vault_uuid = used.vault_uuid
  and paths.user_uuid = used.user_uuid
{%- endmacro -%}
