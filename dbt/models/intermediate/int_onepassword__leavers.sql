{#- The departures of persons whom the account knows, each once however often the input has it. -#}
select distinct
  {{ dbt.concat([
    'departures.user_uuid', "' '", 'cast(' ~ onepassword_to_date('departures.left_on') ~ ' as ' ~ dbt.type_string() ~ ')', "' '",
    "case when departures.is_day then 'day' else cast(cast(" ~ onepassword_seconds_between(onepassword_day_start(onepassword_to_date('departures.left_on')), 'departures.left_on') ~ ' as ' ~ dbt.type_bigint() ~ ') as ' ~ dbt.type_string() ~ ') end',
  ]) }} as departure_key,
  departures.user_uuid,
  departures.user_name,
  departures.user_email,
  departures.left_on,
  departures.is_day,
  departures.left_from,
  departures.gone_by
from {{ ref('int_onepassword__departures') }} as departures
where departures.user_uuid is not null
