{{ onepassword_finding_config('vault_exported_before_leaving') }}
{% set days = onepassword_threshold('leaver_days') %}

with exports as (
  select meanings.*
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  where meanings.object_type = 'vault'
    and meanings.action = 'export'
    and meanings.actor_uuid is not null
),

{#- A departure that is a day ends with it, anywhere on earth, and the days are counted back from its start. #}
departures as (
  select
    statuses.user_uuid,
    {{ onepassword_add_days('statuses.started_at', -days) }} as counted_from,
    statuses.started_at as left_at,
    statuses.event_uuid
  from {{ ref('int_onepassword__member_statuses') }} as statuses
  where statuses.status in ('suspended', 'removed')
    and statuses.started_at is not null
  union all
  select
    leavers.user_uuid,
    {{ onepassword_add_days('leavers.left_from', -days) }},
    leavers.gone_by,
    cast(null as {{ dbt.type_string() }})
  from {{ ref('int_onepassword__leavers') }} as leavers
),

left_after as (
  select
    exports.event_uuid as export_uuid,
    departures.event_uuid,
    departures.left_at,
    row_number() over (
      partition by exports.event_uuid
      order by departures.left_at, case when departures.event_uuid is null then 1 else 0 end, {{ onepassword_ordered('departures.event_uuid') }}
    ) as nearest_first
  from exports
  inner join departures
    on exports.actor_uuid = departures.user_uuid
    and exports.occurred_at >= departures.counted_from
    and exports.occurred_at <= departures.left_at
),

events as (
  select
    exports.event_uuid as window_key,
    exports.actor_uuid as subject_uuid,
    coalesce(exports.actor_name, exports.actor_email) as subject,
    coalesce(exports.object_name, exports.object_uuid) as object,
    '{{ days }}' as detail,
    exports.event_uuid,
    exports.occurred_at
  from exports
  inner join left_after on exports.event_uuid = left_after.export_uuid
  where left_after.nearest_first = 1
  union all
  select
    exports.event_uuid,
    exports.actor_uuid,
    coalesce(exports.actor_name, exports.actor_email),
    coalesce(exports.object_name, exports.object_uuid),
    '{{ days }}',
    left_after.event_uuid,
    left_after.left_at
  from exports
  inner join left_after on exports.event_uuid = left_after.export_uuid
  where left_after.nearest_first = 1
    and left_after.event_uuid is not null
)

{{ onepassword_finding('vault_exported_before_leaving') }}
