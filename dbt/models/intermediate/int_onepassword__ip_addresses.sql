{#- An address that cannot be read is compared as it is spelt, in lower case. -#}
with addresses as (
  select distinct attempts.client_ip_address as address
  from {{ ref('int_onepassword__sign_in_attempts') }} as attempts
  where attempts.client_ip_address is not null
  union distinct
  select distinct events.session_ip
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.session_ip is not null
),

parsed as (
  {{ onepassword_parsed_addresses('addresses') }}
),

matched as (
  select distinct parsed.address
  from parsed
  inner join {{ ref('int_onepassword__known_networks') }} as networks
    on substr({{ onepassword_bits('parsed.hex') }}, 1, networks.length) = substr(networks.bits, 1, networks.length)
  where parsed.hex is not null
)

select
  parsed.address,
  coalesce(parsed.hex, lower(trim(parsed.address))) as key,
  case
    when parsed.hex like '00000000000000000000ffff%' then 'IPv4'
    when parsed.hex is not null then 'IPv6'
    else 'unknown'
  end as family,
  {#- A laptop changes the second half of its IPv6 address by itself, as often as it likes. #}
  case
    when parsed.hex like '00000000000000000000ffff%' then parsed.hex
    when parsed.hex is not null then substr(parsed.hex, 1, 16)
    else lower(trim(parsed.address))
  end as network,
  matched.address is not null as is_known
from parsed
left join matched on parsed.address = matched.address
