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
    attempts.city,
    attempts.country,
    attempts.ip
  from {{ ref('onepassword__sign_ins') }} as attempts
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
    successes.user_uuid,
    successes.event_uuid,
    successes.occurred_at,
    successes.latitude,
    successes.longitude,
    {%- for column in ['event_uuid', 'occurred_at', 'latitude', 'longitude'] %}
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

too_fast as (
  select measured.*
  from measured
  where measured.km > {{ km }}
    and measured.km * 3600 > {{ km_per_hour }} * measured.seconds
),

{#- Where each of them was: few, so that only theirs is put into words. #}
places as (
  select
    successes.event_uuid,
    successes.subject,
    coalesce(successes.city, successes.country, successes.ip, '(not known)') as place,
    case
      when successes.city is not null
        then {{ dbt.concat(["coalesce(countries.code, lower(successes.country), '')", "' '", 'lower(successes.city)']) }}
      else {{ dbt.concat(['cast(cast(floor(successes.latitude) as ' ~ dbt.type_bigint() ~ ') as ' ~ dbt.type_string() ~ ')', "' '", 'cast(cast(floor(successes.longitude) as ' ~ dbt.type_bigint() ~ ') as ' ~ dbt.type_string() ~ ')']) }}
    end as place_key
  from successes
  inner join (
    select too_fast.event_uuid from too_fast
    union distinct
    select too_fast.previous_event_uuid from too_fast
  ) as ends on successes.event_uuid = ends.event_uuid
  left join {{ ref('onepassword_countries') }} as countries on lower(trim(successes.country)) = countries.spelling
),

jumps as (
  select
    too_fast.*,
    arrivals.subject,
    {%- set is_first = onepassword_ordered('departures.place_key') ~ ' < ' ~ onepassword_ordered('arrivals.place_key') %}
    {{ dbt.concat([
      'too_fast.user_uuid', "' '",
      'case when ' ~ is_first ~ ' then departures.place_key else arrivals.place_key end', "' '",
      'case when ' ~ is_first ~ ' then arrivals.place_key else departures.place_key end',
    ]) }} as window_key,
    {{ dbt.concat([
      'departures.place', "' and '", 'arrivals.place', "', '",
      'cast(cast(round(too_fast.km) as ' ~ dbt.type_bigint() ~ ') as ' ~ dbt.type_string() ~ ')', "' km apart, within '",
      'cast(cast(floor(too_fast.seconds / 60) as ' ~ dbt.type_bigint() ~ ') as ' ~ dbt.type_string() ~ ')', "' minutes'",
    ]) }} as detail
  from too_fast
  inner join places as arrivals on too_fast.event_uuid = arrivals.event_uuid
  inner join places as departures on too_fast.previous_event_uuid = departures.event_uuid
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
