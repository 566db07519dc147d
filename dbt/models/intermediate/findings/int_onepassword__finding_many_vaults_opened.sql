{{ onepassword_finding_config('many_vaults_opened') }}
{#- A secret of a vault that an app reports, or a look at its items that the audit log has. What service accounts read is their work. -#}
{% set vaults = onepassword_threshold('many_vaults') | int %}
{% set minutes = onepassword_threshold('many_vaults_minutes') %}

with views as (
  select
    meanings.actor_uuid as user_uuid,
    case meanings.object_type when 'items' then meanings.object_uuid else meanings.aux_uuid end as vault_uuid,
    meanings.event_uuid,
    meanings.occurred_at
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  where meanings.object_type in ('items', 'item')
    and meanings.action = 'view'
    and meanings.actor_uuid is not null
    and case meanings.object_type when 'items' then meanings.object_uuid else meanings.aux_uuid end is not null
),

daily as (
  select
    opened.user_uuid,
    opened.day,
    {#- A vault counts once for each name that its user had that day: enough to tell which days are worth a look. #}
    count(*) as things,
    min(opened.first_used_at) as first_used_at,
    max(opened.last_used_at) as last_used_at
  from (
    select uses.user_uuid, uses.vault_uuid, uses.day, uses.first_used_at, uses.last_used_at
    from {{ ref('int_onepassword__item_use_by_day') }} as uses
    where uses.secret_uses > 0
    union all
    select views.user_uuid, views.vault_uuid, {{ onepassword_to_date('views.occurred_at') }}, views.occurred_at, views.occurred_at
    from views
  ) as opened
  left join {{ ref('int_onepassword__people') }} as people on opened.user_uuid = people.user_uuid
  where coalesce(people.kind, 'person') <> 'service account'
  group by opened.user_uuid, opened.day
  having {{ onepassword_may_be_busy('count(*)', 'opened.day', 'min(opened.first_used_at)', 'max(opened.last_used_at)', vaults, minutes * 60) }}
),

{{ onepassword_busy_days('daily', vaults, minutes * 60) }},

opened as (
  select usages.user_uuid, usages.vault_uuid as thing, 'item_usages' as stream, usages.event_uuid, usages.occurred_at
  from {{ ref('int_onepassword__item_usages') }} as usages
  inner join busy_days
    on usages.user_uuid = busy_days.user_uuid
    and {{ onepassword_to_date('usages.occurred_at') }} = busy_days.day
  inner join {{ ref('onepassword_item_actions') }} as actions
    on usages.action = actions.action
    and actions.exposes_secret
  where usages.vault_uuid is not null
  union all
  select views.user_uuid, views.vault_uuid, 'audit_events', views.event_uuid, views.occurred_at
  from views
  inner join busy_days
    on views.user_uuid = busy_days.user_uuid
    and {{ onepassword_to_date('views.occurred_at') }} = busy_days.day
),

{{ onepassword_thing_bursts('opened', vaults, minutes * 60) }},

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
