{{ onepassword_finding_config('items_taken_in_a_burst') }}
{#-
  Only days on which the roll-up has enough of them are read, together with days to which the minutes may reach over
  midnight. What a service account fetches is its work and does not count.
-#}
{% set items = onepassword_threshold('burst_items') | int %}
{% set minutes = onepassword_threshold('burst_items_minutes') %}

with daily as (
  select uses.user_uuid, uses.day, uses.things, uses.first_used_at, uses.last_used_at
  from (
    select
      uses.user_uuid,
      uses.day,
      sum(case when people.kind = 'service account' then uses.taken_uses - coalesce(uses.machine_uses, 0) else uses.taken_uses end) as things,
      min(uses.first_used_at) as first_used_at,
      max(uses.last_used_at) as last_used_at
    from {{ ref('int_onepassword__item_use_by_day') }} as uses
    left join {{ ref('int_onepassword__people') }} as people on uses.user_uuid = people.user_uuid
    where uses.taken_uses > 0
    group by uses.user_uuid, uses.day
  ) as uses
  where uses.things > 0
    and ({{ onepassword_may_be_busy('uses.things', 'uses.day', 'uses.first_used_at', 'uses.last_used_at', items, minutes * 60) }})
),

{{ onepassword_busy_days('daily', items, minutes * 60) }},

taken as (
  select
    usages.user_uuid,
    usages.item_uuid as thing,
    'item_usages' as stream,
    usages.event_uuid,
    usages.occurred_at
  from {{ ref('int_onepassword__item_usages') }} as usages
  inner join busy_days
    on usages.user_uuid = busy_days.user_uuid
    and {{ onepassword_to_date('usages.occurred_at') }} = busy_days.day
  inner join {{ ref('onepassword_item_actions') }} as actions
    on usages.action = actions.action
    and actions.takes_secret
  left join {{ ref('int_onepassword__people') }} as people on usages.user_uuid = people.user_uuid
  where usages.item_uuid is not null
    and not (coalesce(people.kind = 'service account', false) and actions.is_machine_work)
),

{{ onepassword_thing_bursts('taken', items, minutes * 60) }},

events as (
  select
    burst_events.window_key,
    burst_events.user_uuid as subject_uuid,
    coalesce(people.user_name, people.user_email) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    '{{ items }} items within {{ minutes }} minutes' as detail,
    burst_events.is_new_thing,
    burst_events.event_uuid,
    burst_events.occurred_at
  from burst_events
  left join {{ ref('int_onepassword__people') }} as people on burst_events.user_uuid = people.user_uuid
)

{{ onepassword_finding('items_taken_in_a_burst', counted='ranked.is_new_thing', stream="'item_usages'") }}
