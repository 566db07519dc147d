{#-
  An attempt has a country in two places, as a code in one and perhaps as a name in the other. A country counts as seen if
  either place had it, each compared with itself.
-#}
{% set history_days = onepassword_threshold('new_country_history_days') %}
{% set days = onepassword_threshold('new_country_days') %}
{% set order = 'order by successes.occurred_at, ' ~ onepassword_ordered('successes.event_uuid') %}

with successes as (
  select
    attempts.target_user_uuid as user_uuid,
    coalesce(attempts.target_user_name, attempts.target_user_email) as subject,
    attempts.event_uuid,
    attempts.occurred_at,
    attempts.country as stated_country,
    attempts.location_country as located_country
  from {{ ref('int_onepassword__sign_in_attempts') }} as attempts
  inner join {{ ref('onepassword_sign_in_outcomes') }} as outcomes
    on attempts.category = outcomes.category
    and outcomes.outcome = 'success'
),

compared as (
  select
    successes.*,
    min(successes.occurred_at) over (partition by successes.user_uuid) as history_start,
    lag(successes.occurred_at) over (partition by successes.user_uuid, successes.stated_country {{ order }}) as stated_before_at,
    lag(successes.occurred_at) over (partition by successes.user_uuid, successes.located_country {{ order }}) as located_before_at
  from successes
  where successes.user_uuid is not null
),

events as (
  select
    {{ dbt.concat(['compared.user_uuid', "' '", 'coalesce(compared.located_country, compared.stated_country)']) }} as window_key,
    compared.user_uuid as subject_uuid,
    compared.subject,
    cast(null as {{ dbt.type_string() }}) as object,
    coalesce(compared.located_country, compared.stated_country) as detail,
    compared.event_uuid,
    compared.occurred_at
  from compared
  where coalesce(compared.located_country, compared.stated_country) is not null
    and compared.occurred_at >= {{ onepassword_add_days('compared.history_start', history_days) }}
    and not (
      compared.stated_country is not null
      and coalesce(compared.stated_before_at >= {{ onepassword_add_days('compared.occurred_at', -days) }}, false)
    )
    and not (
      compared.located_country is not null
      and coalesce(compared.located_before_at >= {{ onepassword_add_days('compared.occurred_at', -days) }}, false)
    )
)

{{ onepassword_finding('new_country', stream="'sign_in_attempts'") }}
