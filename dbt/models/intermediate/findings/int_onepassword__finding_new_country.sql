{#-
  An attempt has a country in two places, as a code in one and perhaps as a name in the other. A country counts as seen if
  either place had it, each compared with itself. Time is cut into halves of the days after which a country is new again:
  only who was in a country in a half, and not in the half before, needs a look.
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
    attempts.location_country as located_country,
    cast(floor({{ onepassword_seconds_between(onepassword_beginning(), 'attempts.occurred_at') }} / {{ [days * 43200, 1] | max }}) as {{ dbt.type_bigint() }}) as half
  from {{ ref('int_onepassword__sign_in_attempts') }} as attempts
  inner join {{ ref('onepassword_sign_in_outcomes') }} as outcomes
    on attempts.category = outcomes.category
    and outcomes.outcome = 'success'
),

seen as (
  select successes.user_uuid, successes.stated_country, successes.located_country, successes.half, min(successes.occurred_at) as first_at
  from successes
  where successes.user_uuid is not null
  group by successes.user_uuid, successes.stated_country, successes.located_country, successes.half
),

places as (
  {%- for place in ['stated', 'located'] %}
  select seen.user_uuid, '{{ place }}' as place, seen.{{ place }}_country as country, seen.half, min(seen.first_at) as first_at
  from seen
  group by seen.user_uuid, seen.{{ place }}_country, seen.half
  {{ 'union all' if not loop.last }}
  {%- endfor %}
),

followed as (
  select
    places.*,
    lag(places.half) over (partition by places.user_uuid, places.place, places.country order by places.half) as previous_half,
    min(places.first_at) over (partition by places.user_uuid) as history_start
  from places
),

travellers as (
  select followed.user_uuid, followed.history_start
  from followed
  where followed.country is not null
    and coalesce(followed.previous_half < followed.half - 1, true)
  group by followed.user_uuid, followed.history_start
  having max(followed.first_at) >= {{ onepassword_add_days('followed.history_start', history_days) }}
),

compared as (
  select
    successes.*,
    travellers.history_start,
    lag(successes.occurred_at) over (partition by successes.user_uuid, successes.stated_country {{ order }}) as stated_before_at,
    lag(successes.occurred_at) over (partition by successes.user_uuid, successes.located_country {{ order }}) as located_before_at
  from successes
  inner join travellers on successes.user_uuid = travellers.user_uuid
),

events as (
  select
    compared.event_uuid as window_key,
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

{{ onepassword_finding('new_country') }}
