{#- Every audit event that no machine writes by itself, with what its pair means and the names of those whom it is about. -#}
with object_types as (
  select
    pairs.object_type,
    case when min(pairs.area) = max(pairs.area) then min(pairs.area) end as area,
    max(case when pairs.is_administrative then 1 else 0 end) = 1 as may_be_administrative
  from {{ ref('onepassword_audit_pairs') }} as pairs
  group by pairs.object_type
),

meanings as (
  select
    events.*,
    pairs.action is not null as is_classified,
    {#- An unknown pair counts as administrative, unless no known pair of its object type is. #}
    coalesce(pairs.is_administrative, object_types.may_be_administrative, true) as is_administrative_pair,
    coalesce(pairs.area, object_types.area, 'unknown') as area,
    coalesce(pairs.severity, 'low') as severity,
    coalesce(pairs.certainty, 'unknown') as certainty,
    pairs.sentence as template,
    case
      when events.object_type in ('uva', 'gva', 'vault', 'items') then 'vault'
      when events.object_type in ('gm', 'group') then 'group'
      when events.object_type in ('item', 'itemhist', 'file') then 'item'
      when events.object_type in ('user', 'sa', 'miguser') then 'person'
    end as object_kind,
    case when events.object_type = 'gva' then 'group' else 'person' end as aux_kind,
    {#- Whose devices and secrets they are. #}
    case events.object_type when 'user' then events.object_uuid when 'device' then events.aux_uuid end as owner_uuid
  from {{ ref('int_onepassword__audit_events') }} as events
  left join {{ ref('onepassword_audit_pairs') }} as pairs
    on events.object_type = pairs.object_type
    and events.action = pairs.action
  left join object_types on events.object_type = object_types.object_type
  where not coalesce(pairs.is_chatter, false)
)

select
  meanings.event_uuid,
  meanings.occurred_at,
  meanings.object_type,
  meanings.action,
  meanings.is_classified,
  meanings.is_administrative_pair or (
    meanings.area in ('personal security', 'devices') and coalesce(meanings.owner_uuid <> meanings.actor_uuid, false)
  ) as is_administrative,
  meanings.area,
  meanings.severity,
  meanings.certainty,
  meanings.template,
  meanings.actor_uuid,
  coalesce(meanings.actor_name, actors.name) as actor_name,
  coalesce(meanings.actor_email, actors.email) as actor_email,
  meanings.object_uuid,
  coalesce(meanings.object_name, objects.name) as object_name,
  coalesce(meanings.object_email, objects.email) as object_email,
  meanings.aux_uuid,
  coalesce(meanings.aux_name, auxiliaries.name) as aux_name,
  coalesce(meanings.aux_email, auxiliaries.email) as aux_email,
  meanings.aux_info,
  meanings.session_uuid,
  meanings.session_ip as ip,
  meanings.location_country as country,
  meanings.location_city as city,
  meanings.account_uuid
from meanings
left join {{ ref('int_onepassword__names') }} as actors
  on actors.kind = 'person' and meanings.actor_uuid = actors.uuid
left join {{ ref('int_onepassword__names') }} as objects
  on meanings.object_kind = objects.kind and meanings.object_uuid = objects.uuid
left join {{ ref('int_onepassword__names') }} as auxiliaries
  on meanings.aux_kind = auxiliaries.kind and meanings.aux_uuid = auxiliaries.uuid
