{{ onepassword_finding_config('unknown_app') }}
{#- An app is what it calls itself. Without `known_apps` all whose name begins with 1Password are known. -#}
{%- set known_apps -%}
  select distinct lower(apps.app_name) as app_name from {{ onepassword_input('known_apps') }} as apps
{%- endset -%}
{%- set is_candidate = 'usages.client_app_name is not null' ~ ("" if onepassword_has_input('known_apps') else " and lower(usages.client_app_name) not like '1password%'") -%}
{%- set days -%}
  select {{ onepassword_to_date('usages.occurred_at') }} as day
  from {{ ref('int_onepassword__item_usages') }} as usages
  left join ({{ known_apps }}) as known_apps on lower(usages.client_app_name) = known_apps.app_name
  where {{ is_candidate }}
    and known_apps.app_name is null
{%- endset %}

with known_apps as (
  {{ known_apps }}
),

appearances as (
  select
    attempts.target_user_uuid as user_uuid,
    coalesce(attempts.target_user_name, attempts.target_user_email) as subject,
    attempts.client_app_name as app_name,
    'sign_in_attempts' as stream,
    attempts.event_uuid,
    attempts.occurred_at
  from {{ ref('int_onepassword__sign_in_attempts') }} as attempts
  where attempts.client_app_name is not null
    {{ "and lower(attempts.client_app_name) not like '1password%'" if not onepassword_has_input('known_apps') }}
  union all
  select
    usages.user_uuid,
    coalesce(usages.user_name, usages.user_email),
    usages.client_app_name,
    'item_usages',
    usages.event_uuid,
    usages.occurred_at
  from {{ ref('int_onepassword__item_usages') }} as usages
  where {{ is_candidate }}
    and {{ onepassword_is_within('usages.occurred_at', onepassword_looked_up_days(days)) }}
),

unknown_ones as (
  select appearances.*
  from appearances
  left join known_apps on lower(appearances.app_name) = known_apps.app_name
  where known_apps.app_name is null
),

events as (
  select
    {{ dbt.concat(["coalesce(unknown.user_uuid, '')", "' '", 'unknown.app_name']) }} as window_key,
    unknown.user_uuid as subject_uuid,
    unknown.subject,
    cast(null as {{ dbt.type_string() }}) as object,
    unknown.app_name as detail,
    unknown.stream,
    unknown.event_uuid,
    unknown.occurred_at
  from unknown_ones as unknown
)

{{ onepassword_finding('unknown_app', stream='events.stream') }}
