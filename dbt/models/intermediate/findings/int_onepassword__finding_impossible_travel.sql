{#- Successes without a place say nothing about travel. Whoever was always in one place needs no look. -#}
{% set km = onepassword_threshold('travel_km') %}
{% set km_per_hour = onepassword_threshold('travel_km_per_hour') %}

with successes as (
  select
    attempts.user_uuid,
    coalesce(attempts.user_name, attempts.user_email) as subject,
    attempts.event_uuid,
    attempts.occurred_at,
    attempts.latitude,
    attempts.longitude,
    coalesce(attempts.city, attempts.country, attempts.ip, '(not known)') as place
  from {{ ref('onepassword__sign_ins') }} as attempts
  where attempts.outcome = 'success'
    and attempts.user_uuid is not null
    and attempts.latitude is not null
    and attempts.longitude is not null
),

travellers as (
  select successes.user_uuid
  from successes
  group by successes.user_uuid
  having min(successes.latitude) <> max(successes.latitude)
    or min(successes.longitude) <> max(successes.longitude)
),

steps as (
  select
    successes.*,
    {%- for column in ['event_uuid', 'occurred_at', 'latitude', 'longitude', 'place'] %}
    lag(successes.{{ column }}) over (
      partition by successes.user_uuid order by successes.occurred_at, {{ onepassword_ordered('successes.event_uuid') }}
    ) as previous_{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
  from successes
  inner join travellers on successes.user_uuid = travellers.user_uuid
),

measured as (
  select
    steps.*,
    {{ onepassword_km('steps.previous_latitude', 'steps.previous_longitude', 'steps.latitude', 'steps.longitude') }} as km,
    {{ onepassword_seconds_between('steps.previous_occurred_at', 'steps.occurred_at') }} as seconds
  from steps
  where steps.previous_event_uuid is not null
    and (steps.latitude <> steps.previous_latitude or steps.longitude <> steps.previous_longitude)
),

jumps as (
  select
    measured.*,
    {{ dbt.concat([
      'measured.previous_place', "' and '", 'measured.place', "', '",
      'cast(cast(round(measured.km) as ' ~ dbt.type_bigint() ~ ') as ' ~ dbt.type_string() ~ ')', "' km apart, within '",
      'cast(cast(floor(measured.seconds / 60) as ' ~ dbt.type_bigint() ~ ') as ' ~ dbt.type_string() ~ ')', "' minutes'",
    ]) }} as detail
  from measured
  where measured.km > {{ km }}
    and measured.km * 3600 > {{ km_per_hour }} * measured.seconds
),

events as (
  {%- for prefix in ['previous_', ''] %}
  select
    jumps.event_uuid as window_key,
    jumps.user_uuid as subject_uuid,
    jumps.subject,
    cast(null as {{ dbt.type_string() }}) as object,
    jumps.detail,
    jumps.{{ prefix }}event_uuid as event_uuid,
    jumps.{{ prefix }}occurred_at as occurred_at
  from jumps
  {{ 'union all' if not loop.last }}
  {%- endfor %}
)

{{ onepassword_finding('impossible_travel', stream="'sign_in_attempts'") }}
