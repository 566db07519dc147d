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
    attempts.occurred_at,
    min(attempts.occurred_at) over (partition by attempts.target_user_uuid) as history_start,
    row_number() over (
      partition by attempts.target_user_uuid, lower(trim(attempts.client_app_name)), lower(trim(attempts.client_os_name))
      order by attempts.occurred_at, {{ onepassword_ordered('attempts.event_uuid') }}
    ) as nth_use
  from {{ ref('int_onepassword__sign_in_attempts') }} as attempts
  inner join {{ ref('onepassword_sign_in_outcomes') }} as outcomes
    on attempts.category = outcomes.category
    and outcomes.outcome = 'success'
  left join {{ ref('int_onepassword__people') }} as people on attempts.target_user_uuid = people.user_uuid
  where attempts.target_user_uuid is not null
    and coalesce(people.kind, 'person') <> 'service account'
),

events as (
  select
    {{ dbt.concat(['successes.user_uuid', "' '", 'lower(trim(successes.app_name))', "' '", "coalesce(lower(trim(successes.os_name)), '')"]) }} as window_key,
    successes.user_uuid as subject_uuid,
    successes.subject,
    cast(null as {{ dbt.type_string() }}) as object,
    {{ dbt.concat(['successes.app_name', "coalesce(" ~ dbt.concat(["' on '", 'successes.os_name']) ~ ", '')"]) }} as detail,
    successes.event_uuid,
    successes.occurred_at
  from successes
  where successes.nth_use = 1
    and successes.app_name is not null
    and successes.occurred_at >= {{ onepassword_add_days('successes.history_start', history_days) }}
)

{{ onepassword_finding('new_app', stream="'sign_in_attempts'") }}
