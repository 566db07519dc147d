{#-
  The stretches of time in which people were suspended or removed, but for those that hang on the order of two events of one
  instant. `absence_key` tells them apart: the event that began each, or the day of the baseline.
-#}
{%- macro onepassword_absences() %}
  select
    statuses.user_uuid,
    statuses.status,
    {{ dbt.concat(['statuses.user_uuid', "' '", 'coalesce(statuses.event_uuid, cast(' ~ onepassword_to_date('statuses.known_since') ~ ' as ' ~ dbt.type_string() ~ '))']) }} as absence_key,
    statuses.known_since,
    statuses.ended_at,
    coalesce(people.user_name, people.user_email) as subject
  from {{ ref('int_onepassword__member_statuses') }} as statuses
  left join {{ ref('int_onepassword__people') }} as people on statuses.user_uuid = people.user_uuid
  where statuses.status in ('suspended', 'removed')
    and not coalesce(statuses.is_order_ambiguous, false)
{%- endmacro -%}
