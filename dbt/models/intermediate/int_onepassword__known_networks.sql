{#- A network has as many binary digits as its length says; an address has all of them. -#}
with listed as (
  select distinct supplied.address as supplied
  from {{ onepassword_input('known_addresses') }} as supplied
  where supplied.address is not null
),

split as (
  select
    listed.supplied,
    coalesce({{ dbt.split_part('listed.supplied', "'/'", 1) }}, '') as address,
    coalesce({{ dbt.split_part('listed.supplied', "'/'", 2) }}, '') as suffix
  from listed
),

bases as (
  select distinct split.address from split
),

parsed as (
  {{ onepassword_parsed_addresses('bases') }}
),

lengths as (
  select
    split.supplied,
    split.address,
    case
      when split.supplied not like '%/%' then 128
      when length(split.suffix) between 1 and 3 and translate(split.suffix, '0123456789', '') = ''
        then cast(split.suffix as {{ dbt.type_int() }}) + case when split.address like '%:%' then 0 else 96 end
    end as length
  from split
)

select
  lengths.supplied as address,
  {{ onepassword_bits('parsed.hex') }} as bits,
  case when lengths.length <= 128 then lengths.length end as length
from lengths
inner join parsed on lengths.address = parsed.address
