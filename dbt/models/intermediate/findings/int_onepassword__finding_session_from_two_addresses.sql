{{ onepassword_finding_config('session_from_two_addresses') }}
{#-
  Two addresses are two networks: a laptop changes the second half of its IPv6 address by itself. It has an IPv4 and an IPv6
  address at once, so one of each is no second place, unless their countries differ. Known addresses say nothing of place.
-#}
with moved as (
  select events.session_uuid
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.session_uuid is not null
  group by events.session_uuid
  having min({{ onepassword_ordered('events.session_ip') }}) <> max({{ onepassword_ordered('events.session_ip') }})
),

located as (
  select
    events.session_uuid,
    events.session_ip,
    coalesce(addresses.network, lower(events.session_ip)) as network,
    coalesce(addresses.family, 'unknown') as family,
    coalesce(countries.code, lower(trim(events.location_country))) as country,
    events.actor_uuid,
    coalesce(events.actor_name, events.actor_email) as subject,
    events.event_uuid,
    events.occurred_at
  from {{ ref('int_onepassword__audit_events') }} as events
  inner join moved on events.session_uuid = moved.session_uuid
  left join {{ ref('int_onepassword__ip_addresses') }} as addresses on events.session_ip = addresses.address
  left join {{ ref('onepassword_countries') }} as countries on lower(trim(events.location_country)) = countries.spelling
  where events.session_ip is not null
    and not coalesce(addresses.is_known, false)
),

networks as (
  select
    located.session_uuid,
    located.network,
    located.family,
    min({{ onepassword_ordered('located.session_ip') }}) as address,
    min({{ onepassword_ordered('located.country') }}) as first_country,
    max({{ onepassword_ordered('located.country') }}) as last_country
  from located
  group by located.session_uuid, located.network, located.family
),

sessions as (
  select
    networks.session_uuid,
    count(*) as addresses,
    min({{ onepassword_ordered('networks.address') }}) as first_address,
    max({{ onepassword_ordered('networks.address') }}) as last_address
  from networks
  group by networks.session_uuid
  having count(*) > count(distinct networks.family)
    or (count(*) > 1 and min({{ onepassword_ordered('networks.first_country') }}) <> max({{ onepassword_ordered('networks.last_country') }}))
),

events as (
  select
    located.session_uuid as window_key,
    located.actor_uuid as subject_uuid,
    located.subject,
    cast(sessions.addresses as {{ dbt.type_string() }}) as object,
    {{ dbt.concat(['sessions.first_address', "' and '", 'sessions.last_address', "case when sessions.addresses > 2 then ' among others' else '' end"]) }} as detail,
    located.event_uuid,
    located.occurred_at
  from located
  inner join sessions on located.session_uuid = sessions.session_uuid
)

{{ onepassword_finding('session_from_two_addresses') }}
