{#- When people joined, once for each time. An activation of somebody who had acted before is no joining. -#}
{%- macro onepassword_joinings() %}
  select statuses.user_uuid, statuses.started_at as joined_at
  from {{ ref('int_onepassword__member_statuses') }} as statuses
  inner join {{ ref('int_onepassword__people') }} as people on statuses.user_uuid = people.user_uuid
  where statuses.status = 'active'
    and coalesce(statuses.previous_status, 'removed') = 'removed'
    and (
      statuses.action in ('join', 'create')
      or (statuses.action = 'activate' and (people.acted_at is null or people.acted_at >= statuses.started_at))
    )
{%- endmacro -%}
