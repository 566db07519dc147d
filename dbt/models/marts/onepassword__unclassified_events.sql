with unclassified as (
  select
    'audit_events' as stream,
    meanings.object_type,
    meanings.action,
    meanings.occurred_at,
    meanings.account_uuid
  from {{ ref('int_onepassword__audit_meanings') }} as meanings
  where not meanings.is_classified

  union all
  select
    'item_usages' as stream,
    cast(null as {{ dbt.type_string() }}) as object_type,
    usages.action,
    usages.occurred_at,
    usages.account_uuid
  from {{ ref('int_onepassword__item_usages') }} as usages
  left join {{ ref('onepassword_item_actions') }} as actions on usages.action = actions.action
  where actions.action is null

  {%- for kind in ['category', 'type'] %}

  union all
  select
    'sign_in_attempts' as stream,
    '{{ kind }}' as object_type,
    attempts.{{ kind }} as action,
    attempts.occurred_at,
    attempts.account_uuid
  from {{ ref('int_onepassword__sign_in_attempts') }} as attempts
  left join {{ ref('onepassword_sign_in_outcomes') }} as outcomes on attempts.{{ kind }} = outcomes.{{ kind }}
  where outcomes.{{ kind }} is null
    {{ "and attempts.type is not null" if kind == 'type' }}
  {%- endfor %}
)

select
  {{ onepassword_key(['unclassified.stream', 'unclassified.object_type', 'unclassified.action']) }} as unclassified_event_id,
  unclassified.stream,
  unclassified.object_type,
  unclassified.action,
  count(*) as events,
  min(unclassified.occurred_at) as first_at,
  max(unclassified.occurred_at) as last_at,
  max(unclassified.account_uuid) as account_uuid
from unclassified
group by unclassified.stream, unclassified.object_type, unclassified.action
