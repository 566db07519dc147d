{#- The stretches of time in which people were suspended or removed. -#}
{%- macro onepassword_absences() %}
  select
    statuses.user_uuid,
    statuses.status,
    statuses.known_since,
    statuses.ended_at,
    coalesce(people.user_name, people.user_email) as subject
  from {{ ref('int_onepassword__member_statuses') }} as statuses
  left join {{ ref('int_onepassword__people') }} as people on statuses.user_uuid = people.user_uuid
  where statuses.status in ('suspended', 'removed')
{%- endmacro -%}
