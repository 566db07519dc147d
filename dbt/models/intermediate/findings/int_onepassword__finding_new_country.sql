{{ onepassword_finding_config('new_country') }}
{#-
  An attempt has a country in two places, as a code in one and perhaps as a name in the other: both are turned into codes,
  and it is of each. A country counts as seen if either place had it. Machines run anywhere, and what comes from a known
  address tells nothing of where somebody is.
-#}
{% set history_days = onepassword_threshold('new_country_history_days') %}
{% set days = onepassword_threshold('new_country_days') %}

with successes as (
  select
    attempts.target_user_uuid as user_uuid,
    coalesce(attempts.target_user_name, attempts.target_user_email) as subject,
    attempts.event_uuid,
    attempts.occurred_at,
    coalesce(attempts.location_country, attempts.country) as country,
    coalesce(located.code, lower(trim(attempts.location_country))) as located_country,
    coalesce(stated.code, lower(trim(attempts.country))) as stated_country,
    min(attempts.occurred_at) over (partition by attempts.target_user_uuid) as history_start
  from {{ ref('int_onepassword__sign_in_attempts') }} as attempts
  inner join {{ ref('onepassword_sign_in_outcomes') }} as outcomes
    on attempts.category = outcomes.category
    and outcomes.outcome = 'success'
  left join {{ ref('onepassword_countries') }} as located on lower(trim(attempts.location_country)) = located.spelling
  left join {{ ref('onepassword_countries') }} as stated on lower(trim(attempts.country)) = stated.spelling
  left join {{ ref('int_onepassword__ip_addresses') }} as addresses on attempts.client_ip_address = addresses.address
  left join {{ ref('int_onepassword__people') }} as people on attempts.target_user_uuid = people.user_uuid
  where attempts.target_user_uuid is not null
    and not coalesce(addresses.is_known, false)
    and coalesce(people.kind, 'person') <> 'service account'
),

compared as (
  select
    placed.*,
    lag(placed.occurred_at) over (
      partition by placed.user_uuid, placed.country_key order by placed.occurred_at, {{ onepassword_ordered('placed.event_uuid') }}
    ) as seen_before_at
  from (
    select successes.*, coalesce(successes.located_country, successes.stated_country) as country_key from successes
    union all
    select successes.*, successes.stated_country as country_key
    from successes
    where successes.stated_country <> successes.located_country
  ) as placed
  where placed.country_key is not null
),

new_ones as (
  select compared.event_uuid
  from compared
  group by compared.event_uuid
  having max(case when compared.seen_before_at >= {{ onepassword_add_days('compared.occurred_at', -days) }} then 1 else 0 end) = 0
),

events as (
  select
    {{ dbt.concat(['successes.user_uuid', "' '", 'coalesce(successes.located_country, successes.stated_country)']) }} as window_key,
    successes.user_uuid as subject_uuid,
    successes.subject,
    cast(null as {{ dbt.type_string() }}) as object,
    successes.country as detail,
    successes.event_uuid,
    successes.occurred_at
  from successes
  inner join new_ones on successes.event_uuid = new_ones.event_uuid
  where successes.occurred_at >= {{ onepassword_add_days('successes.history_start', history_days) }}
)

{{ onepassword_finding('new_country', stream="'sign_in_attempts'") }}
