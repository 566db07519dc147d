{{ onepassword_finding_config('took_secret') }}
{% set hours = onepassword_threshold('took_secret_within_hours') %}
{% set until = onepassword_add_hours('reached.granted_at', hours) %}

with reached as (
  select
    grants.event_uuid as grant_event_uuid,
    grants.occurred_at as granted_at,
    grants.subject_uuid,
    grants.subject,
    grants.vault_uuid,
    cast(null as {{ onepassword_type_timestamp() }}) as opened_at,
    cast(null as {{ onepassword_type_timestamp() }}) as ended_at
  from {{ ref('int_onepassword__self_grants') }} as grants
  where grants.vault_uuid is not null
  union all
  select
    grants.event_uuid, grants.occurred_at, grants.subject_uuid, grants.subject,
    intervals.container_uuid, intervals.lower_bound, intervals.ended_at
  from {{ ref('int_onepassword__self_grants') }} as grants
  inner join {{ ref('int_onepassword__intervals') }} as intervals
    on intervals.kind = 'group vault'
    and grants.group_uuid = intervals.holder_uuid
    and (intervals.ended_at is null or intervals.ended_at > grants.occurred_at)
  where grants.rule = 'gave_oneself_a_group'
),

uses as (
  select distinct
    reached.grant_event_uuid,
    reached.granted_at,
    reached.subject_uuid,
    reached.subject,
    reached.vault_uuid,
    usages.event_uuid,
    usages.occurred_at
  from reached
  inner join {{ ref('int_onepassword__watched_uses') }} as usages
    on reached.vault_uuid = usages.vault_uuid
    and reached.subject_uuid = usages.user_uuid
    and usages.occurred_at > reached.granted_at
    and usages.occurred_at <= {{ until }}
    and (reached.opened_at is null or usages.occurred_at >= reached.opened_at)
    and (reached.ended_at is null or usages.occurred_at < reached.ended_at)
  inner join {{ ref('onepassword_item_actions') }} as actions
    on usages.action = actions.action
    and actions.exposes_secret
),

events as (
  select
    {{ dbt.concat(['traces.grant_event_uuid', "' '", 'traces.vault_uuid']) }} as window_key,
    traces.subject_uuid,
    traces.subject,
    coalesce(names.name, traces.vault_uuid) as object,
    '{{ hours }}' as detail,
    traces.is_use,
    case when traces.is_use then 'item_usages' else 'audit_events' end as stream,
    traces.event_uuid,
    traces.occurred_at
  from (
    select uses.grant_event_uuid, uses.vault_uuid, uses.subject_uuid, uses.subject, uses.event_uuid, uses.occurred_at, true as is_use
    from uses
    union all
    select distinct uses.grant_event_uuid, uses.vault_uuid, uses.subject_uuid, uses.subject, uses.grant_event_uuid, uses.granted_at, false
    from uses
  ) as traces
  left join {{ ref('int_onepassword__names') }} as names
    on names.kind = 'vault' and traces.vault_uuid = names.uuid
)

{{ onepassword_finding('took_secret_after_giving_oneself_access', counted='ranked.is_use', stream='events.stream') }}
