{{ onepassword_finding_config('items_taken_in_a_burst') }}
{#- What a service account fetches is its work and does not count. -#}
{% set items = onepassword_threshold('burst_items') | int %}
{% set minutes = onepassword_threshold('burst_items_minutes') %}

with taken as (
  select
    usages.user_uuid,
    usages.item_uuid as thing,
    'item_usages' as stream,
    usages.event_uuid,
    usages.occurred_at
  from {{ ref('int_onepassword__watched_uses') }} as usages
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
