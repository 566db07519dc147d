{{ onepassword_finding_config('impossible_travel') }}
{#-
  Successes without a place say nothing about travel, nor do those from a known address: a tunnel ends there. Machines run in
  many places at once. Whoever was always in one place needs no look. A finding is a person and two places, whichever comes
  first and however often: a place is its city, or else the whole degrees that it lies in.
-#}
{% set km = onepassword_threshold('travel_km') %}
{% set km_per_hour = onepassword_threshold('travel_km_per_hour') %}
{% set in_order = 'order by jumps.occurred_at, ' ~ onepassword_ordered('jumps.event_uuid') %}

with successes as (
  select
    attempts.user_uuid,
    coalesce(attempts.user_name, attempts.user_email) as subject,
    attempts.event_uuid,
    attempts.occurred_at,
    attempts.latitude,
    attempts.longitude,
    coalesce(attempts.city, attempts.country, attempts.ip, '(not known)') as place,
    case
      when attempts.city is not null
        then {{ dbt.concat(["coalesce(countries.code, lower(attempts.country), '')", "' '", 'lower(attempts.city)']) }}
      else {{ dbt.concat(['cast(cast(floor(attempts.latitude) as ' ~ dbt.type_bigint() ~ ') as ' ~ dbt.type_string() ~ ')', "' '", 'cast(cast(floor(attempts.longitude) as ' ~ dbt.type_bigint() ~ ') as ' ~ dbt.type_string() ~ ')']) }}
    end as place_key
  from {{ ref('onepassword__sign_ins') }} as attempts
  left join {{ ref('onepassword_countries') }} as countries on lower(trim(attempts.country)) = countries.spelling
  left join {{ ref('int_onepassword__ip_addresses') }} as addresses on attempts.ip = addresses.address
  left join {{ ref('int_onepassword__people') }} as people on attempts.user_uuid = people.user_uuid
  where attempts.outcome = 'success'
    and attempts.user_uuid is not null
    and attempts.latitude is not null
    and attempts.longitude is not null
    and not coalesce(addresses.is_known, false)
    and coalesce(people.kind, 'person') <> 'service account'
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
    {%- for column in ['event_uuid', 'occurred_at', 'latitude', 'longitude', 'place', 'place_key'] %}
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
    {%- set is_first = onepassword_ordered('measured.previous_place_key') ~ ' < ' ~ onepassword_ordered('measured.place_key') %}
    {{ dbt.concat([
      'measured.user_uuid', "' '",
      'case when ' ~ is_first ~ ' then measured.previous_place_key else measured.place_key end', "' '",
      'case when ' ~ is_first ~ ' then measured.place_key else measured.previous_place_key end',
    ]) }} as window_key,
    {{ dbt.concat([
      'measured.previous_place', "' and '", 'measured.place', "', '",
      'cast(cast(round(measured.km) as ' ~ dbt.type_bigint() ~ ') as ' ~ dbt.type_string() ~ ')', "' km apart, within '",
      'cast(cast(floor(measured.seconds / 60) as ' ~ dbt.type_bigint() ~ ') as ' ~ dbt.type_string() ~ ')', "' minutes'",
    ]) }} as detail
  from measured
  where measured.km > {{ km }}
    and measured.km * 3600 > {{ km_per_hour }} * measured.seconds
),

{#- The sentence tells the first journey, and how many there were. #}
told as (
  select
    jumps.*,
    count(*) over (partition by jumps.window_key) as journeys,
    first_value(jumps.detail) over (partition by jumps.window_key {{ in_order }} rows between unbounded preceding and unbounded following) as first_detail
  from jumps
),

events as (
  {%- for prefix in ['previous_', ''] %}
  select
    told.window_key,
    told.user_uuid as subject_uuid,
    told.subject,
    cast(null as {{ dbt.type_string() }}) as object,
    {{ dbt.concat(['told.first_detail', "case when told.journeys > 1 then " ~ dbt.concat(["' (times: '", 'cast(told.journeys as ' ~ dbt.type_string() ~ ')', "')'"]) ~ " else '' end"]) }} as detail,
    told.{{ prefix }}event_uuid as event_uuid,
    told.{{ prefix }}occurred_at as occurred_at
  from told
  {{ 'union distinct' if not loop.last }}
  {%- endfor %}
)

{{ onepassword_finding('impossible_travel', stream="'sign_in_attempts'") }}
