{#-
  The e-mail addresses of people, all that they ever had, in lower case. An address that somebody had when they first appear
  may be older than the log, unless the log shows how they came into the team.
-#}
{% set sources = [
  ['actor_uuid', 'actor_email', ref('int_onepassword__audit_events'), 'true', 'occurred_at', 'occurred_at'],
  ['object_uuid', 'object_email', ref('int_onepassword__audit_events'), "source.object_type = 'user'", 'occurred_at', 'occurred_at'],
  ['aux_uuid', 'aux_email', ref('int_onepassword__audit_events'), 'true', 'occurred_at', 'occurred_at'],
  ['target_user_uuid', 'target_user_email', ref('int_onepassword__sign_in_attempts'), 'true', 'occurred_at', 'occurred_at'],
  ['user_uuid', 'user_email', ref('int_onepassword__item_use_by_day'), 'true', 'first_used_at', 'last_used_at'],
  ['user_uuid', 'email', onepassword_input('baseline_members'), 'source.as_of <= ' ~ onepassword_as_of(), 'as_of', 'as_of'],
] %}

with appearances as (
  {%- for user, email, relation, condition, first_at, last_at in sources %}
  select
    source.{{ user }} as user_uuid,
    lower(trim(source.{{ email }})) as email,
    min(source.{{ first_at }}) as first_at,
    max(source.{{ last_at }}) as last_at
  from {{ relation }} as source
  where source.{{ user }} is not null
    and source.{{ email }} is not null
    and {{ condition }}
  group by source.{{ user }}, lower(trim(source.{{ email }}))
  {{ 'union all' if not loop.last }}
  {%- endfor %}
),

addresses as (
  select appearances.user_uuid, appearances.email, min(appearances.first_at) as first_at, max(appearances.last_at) as last_at
  from appearances
  group by appearances.user_uuid, appearances.email
),

beginnings as (
  select events.object_uuid as user_uuid, min(events.occurred_at) as began_at
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.object_type = 'user'
    and events.action in ('provsn', 'join', 'activate')
    and events.object_uuid is not null
  group by events.object_uuid
)

select
  addresses.user_uuid,
  addresses.email,
  addresses.first_at,
  addresses.last_at,
  case
    when addresses.first_at > min(addresses.first_at) over (partition by addresses.user_uuid) then addresses.first_at
    when beginnings.began_at <= people.first_seen_at then beginnings.began_at
  end as held_from
from addresses
inner join {{ ref('int_onepassword__people') }} as people on addresses.user_uuid = people.user_uuid
left join beginnings on addresses.user_uuid = beginnings.user_uuid
