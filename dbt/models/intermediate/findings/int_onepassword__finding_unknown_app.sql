{#- An app is what it calls itself. Without `known_apps` all whose name begins with 1Password are known. -#}
with attempts as (
  select
    attempts.user_uuid,
    coalesce(attempts.user_name, attempts.user_email) as subject,
    attempts.app_name,
    attempts.event_uuid,
    attempts.occurred_at
  from {{ ref('onepassword__sign_ins') }} as attempts
  {%- if onepassword_has_input('known_apps') %}
  left join (
    select distinct lower(apps.app_name) as app_name from {{ onepassword_input('known_apps') }} as apps
  ) as known_apps on lower(attempts.app_name) = known_apps.app_name
  where attempts.app_name is not null
    and known_apps.app_name is null
  {%- else %}
  where lower(attempts.app_name) not like '1password%'
  {%- endif %}
),

events as (
  select
    first_value(attempts.event_uuid) over (
      partition by attempts.user_uuid, attempts.app_name
      order by attempts.occurred_at, {{ onepassword_ordered('attempts.event_uuid') }}
      rows between unbounded preceding and unbounded following
    ) as window_key,
    attempts.user_uuid as subject_uuid,
    attempts.subject,
    cast(null as {{ dbt.type_string() }}) as object,
    attempts.app_name as detail,
    attempts.event_uuid,
    attempts.occurred_at
  from attempts
)

{{ onepassword_finding('unknown_app') }}
