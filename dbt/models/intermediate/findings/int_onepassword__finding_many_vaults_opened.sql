{{ onepassword_finding_config('many_vaults_opened') }}
{#- A secret of a vault that an app reports, or a look at its items that the audit log has. What service accounts read is their work. -#}
{% set vaults = onepassword_threshold('many_vaults') | int %}
{% set minutes = onepassword_threshold('many_vaults_minutes') %}

with opened as (
  select usages.user_uuid, usages.vault_uuid as thing, 'item_usages' as stream, usages.event_uuid, usages.occurred_at
  from {{ ref('int_onepassword__watched_uses') }} as usages
  inner join {{ ref('onepassword_item_actions') }} as actions
    on usages.action = actions.action
    and actions.exposes_secret
  where usages.vault_uuid is not null
  union all
  select
    meanings.actor_uuid,
    case meanings.object_type when 'items' then meanings.object_uuid else meanings.aux_uuid end,
    'audit_events',
    meanings.event_uuid,
    meanings.occurred_at
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  where meanings.object_type in ('items', 'item')
    and meanings.action = 'view'
    and meanings.actor_uuid is not null
    and case meanings.object_type when 'items' then meanings.object_uuid else meanings.aux_uuid end is not null
),

opened_by_people as (
  select opened.*
  from opened
  left join {{ ref('int_onepassword__people') }} as people on opened.user_uuid = people.user_uuid
  where coalesce(people.kind, 'person') <> 'service account'
),

{{ onepassword_thing_bursts('opened_by_people', vaults, minutes * 60) }},

events as (
  select
    burst_events.window_key,
    burst_events.user_uuid as subject_uuid,
    coalesce(people.user_name, people.user_email) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    '{{ vaults }} vaults within {{ minutes }} minutes' as detail,
    burst_events.is_new_thing,
    burst_events.stream,
    burst_events.event_uuid,
    burst_events.occurred_at
  from burst_events
  left join {{ ref('int_onepassword__people') }} as people on burst_events.user_uuid = people.user_uuid
)

{{ onepassword_finding('many_vaults_opened', counted='ranked.is_new_thing', stream='events.stream') }}
