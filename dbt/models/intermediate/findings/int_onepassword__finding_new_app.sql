{{ onepassword_finding_config('new_app') }}
{#-
  The first success of a person with an app on a system, once the person has signed in for two weeks. Machines use what
  they are given.
-#}
{% set history_days = onepassword_threshold('new_app_history_days') %}

with successes as (
  select
    attempts.target_user_uuid as user_uuid,
    coalesce(attempts.target_user_name, attempts.target_user_email) as subject,
    attempts.client_app_name as app_name,
    attempts.client_os_name as os_name,
    attempts.event_uuid,
    attempts.occurred_at
  from {{ ref('int_onepassword__sign_in_attempts') }} as attempts
  inner join {{ ref('onepassword_sign_in_outcomes') }} as outcomes
    on attempts.category = outcomes.category
    and outcomes.outcome = 'success'
  left join {{ ref('int_onepassword__people') }} as people on attempts.target_user_uuid = people.user_uuid
  where attempts.target_user_uuid is not null
    and coalesce(people.kind, 'person') <> 'service account'
),

{#- A spelling each, and then an app and a system each: so only a few names are compared in lower case. #}
spelled as (
  select
    successes.user_uuid,
    lower(trim(successes.app_name)) as app_key,
    coalesce(lower(trim(successes.os_name)), '') as os_key,
    min(successes.occurred_at) as first_at
  from successes
  group by successes.user_uuid, successes.app_name, successes.os_name
),

first_uses as (
  select
    spelled.user_uuid,
    spelled.app_key,
    spelled.os_key,
    min(spelled.first_at) as first_at,
    min(min(spelled.first_at)) over (partition by spelled.user_uuid) as history_start
  from spelled
  group by spelled.user_uuid, spelled.app_key, spelled.os_key
),

new_ones as (
  select
    successes.*,
    {{ dbt.concat(['first_uses.user_uuid', "' '", 'first_uses.app_key', "' '", 'first_uses.os_key']) }} as window_key,
    row_number() over (
      partition by first_uses.user_uuid, first_uses.app_key, first_uses.os_key order by {{ onepassword_ordered('successes.event_uuid') }}
    ) as nth_at_once
  from first_uses
  inner join successes
    on first_uses.user_uuid = successes.user_uuid
    and first_uses.first_at = successes.occurred_at
    and first_uses.app_key = lower(trim(successes.app_name))
    and first_uses.os_key = coalesce(lower(trim(successes.os_name)), '')
  where first_uses.first_at >= {{ onepassword_add_days('first_uses.history_start', history_days) }}
),

events as (
  select
    new_ones.window_key,
    new_ones.user_uuid as subject_uuid,
    new_ones.subject,
    cast(null as {{ dbt.type_string() }}) as object,
    {{ dbt.concat(['new_ones.app_name', "coalesce(" ~ dbt.concat(["' on '", 'new_ones.os_name']) ~ ", '')"]) }} as detail,
    new_ones.event_uuid,
    new_ones.occurred_at
  from new_ones
  where new_ones.nth_at_once = 1
)

{{ onepassword_finding('new_app', stream="'sign_in_attempts'") }}
