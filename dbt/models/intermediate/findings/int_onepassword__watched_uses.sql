{#-
  The uses of items that some rules look at one by one: those of the persons and days of which the roll-up cannot say that
  none breaks a rule. So the events are read once for all of these rules.
-#}
{% set items_seconds = onepassword_threshold('burst_items_minutes') * 60 %}
{% set vaults_seconds = onepassword_threshold('many_vaults_minutes') * 60 %}
{% set until = onepassword_add_hours('grants.occurred_at', onepassword_threshold('took_secret_within_hours')) %}

with taken_items as (
  select uses.user_uuid, uses.day, uses.things, uses.first_used_at, uses.last_used_at
  from (
    select
      uses.user_uuid,
      uses.day,
      {#- What a service account fetches is its work and does not count. #}
      sum(case when people.kind = 'service account' then uses.taken_uses - coalesce(uses.machine_uses, 0) else uses.taken_uses end) as things,
      min(uses.first_used_at) as first_used_at,
      max(uses.last_used_at) as last_used_at
    from {{ ref('int_onepassword__item_use_by_day') }} as uses
    left join {{ ref('int_onepassword__people') }} as people on uses.user_uuid = people.user_uuid
    where uses.taken_uses > 0
    group by uses.user_uuid, uses.day
  ) as uses
  where uses.things > 0
    and ({{ onepassword_may_be_busy('uses.things', 'uses.day', 'uses.first_used_at', 'uses.last_used_at', onepassword_threshold('burst_items'), items_seconds) }})
),

opened_vaults as (
  select
    opened.user_uuid,
    opened.day,
    {#- A vault counts once for each name that its user had that day: enough to tell which days are worth a look. #}
    count(*) as things,
    min(opened.first_used_at) as first_used_at,
    max(opened.last_used_at) as last_used_at
  from (
    select uses.user_uuid, uses.day, uses.first_used_at, uses.last_used_at
    from {{ ref('int_onepassword__item_use_by_day') }} as uses
    where uses.secret_uses > 0
    union all
    select views.actor_uuid, {{ onepassword_to_date('views.occurred_at') }}, views.occurred_at, views.occurred_at
    from {{ ref('int_onepassword__audit_meanings') }} as views
    where views.object_type in ('items', 'item')
      and views.action = 'view'
      and views.actor_uuid is not null
  ) as opened
  left join {{ ref('int_onepassword__people') }} as people on opened.user_uuid = people.user_uuid
  where coalesce(people.kind, 'person') <> 'service account'
  group by opened.user_uuid, opened.day
  having {{ onepassword_may_be_busy('count(*)', 'opened.day', 'min(opened.first_used_at)', 'max(opened.last_used_at)', onepassword_threshold('many_vaults'), vaults_seconds) }}
),

days as (
  select busy_days.user_uuid, busy_days.day
  from ({{ onepassword_busy_days('taken_items', onepassword_threshold('burst_items'), items_seconds) }}
  ) as busy_days
  union distinct
  select busy_days.user_uuid, busy_days.day
  from ({{ onepassword_busy_days('opened_vaults', onepassword_threshold('many_vaults'), vaults_seconds) }}
  ) as busy_days
  union distinct
  select daily.user_uuid, daily.day
  from {{ ref('int_onepassword__self_grants') }} as grants
  inner join {{ ref('int_onepassword__item_use_by_day') }} as daily
    on grants.subject_uuid = daily.user_uuid
    and daily.secret_uses > 0
    and daily.last_secret_use_at > grants.occurred_at
    and daily.first_secret_use_at <= {{ until }}
  union distinct
  select daily.user_uuid, daily.day
  from {{ ref('int_onepassword__absences') }} as absences
  inner join {{ ref('int_onepassword__item_use_by_day') }} as daily
    on absences.user_uuid = daily.user_uuid
    and daily.last_used_at > absences.known_since
    and daily.first_used_at < coalesce(absences.ended_at, {{ onepassword_end_of_time() }})
)

select
  usages.event_uuid,
  usages.occurred_at,
  usages.user_uuid,
  usages.vault_uuid,
  usages.item_uuid,
  usages.action
from {{ ref('int_onepassword__item_usages') }} as usages
inner join days
  on usages.user_uuid = days.user_uuid
  and {{ onepassword_to_date('usages.occurred_at') }} = days.day
