{#-
  The departures that the user supplied, of persons of the account. A date without a time is a whole day anywhere on earth:
  it begins where the zone is UTC+14 and is over where it is UTC-12. An address means whoever had it before the departure;
  of several the one who got it last. Who got it on the day itself, or later, is meant only if nobody had it before.
-#}
with supplied as (
  select distinct
    leavers.user_uuid as supplied_uuid,
    lower(leavers.email) as email,
    leavers.left_on,
    coalesce(leavers.left_on_is_day, false) as is_day
  from {{ onepassword_input('leavers') }} as leavers
),

departures as (
  select
    supplied.*,
    case when supplied.is_day then {{ onepassword_add_hours('supplied.left_on', -14) }} else supplied.left_on end as left_from,
    case when supplied.is_day then {{ onepassword_add_hours('supplied.left_on', 36) }} else supplied.left_on end as gone_by
  from supplied
),

holders as (
  select
    departures.email,
    departures.left_on,
    departures.is_day,
    addresses.user_uuid,
    row_number() over (
      partition by departures.email, departures.left_on, departures.is_day
      order by
        case
          when coalesce(addresses.held_from, addresses.first_at) < departures.left_from then 0
          when addresses.held_from is null then 1
          else 2
        end,
        case when coalesce(addresses.held_from, addresses.first_at) < departures.left_from then coalesce(addresses.held_from, addresses.first_at) end desc,
        coalesce(addresses.held_from, addresses.first_at),
        {{ onepassword_ordered('addresses.user_uuid') }}
    ) as likeliest_first
  from departures
  inner join {{ ref('int_onepassword__addresses') }} as addresses
    on departures.email = addresses.email
    and coalesce(addresses.held_from, {{ onepassword_beginning() }}) <= departures.gone_by
  where departures.supplied_uuid is null
)

select
  departures.supplied_uuid,
  departures.email,
  departures.left_on,
  departures.is_day,
  departures.left_from,
  departures.gone_by,
  people.user_uuid,
  people.user_name,
  people.user_email
from departures
left join holders
  on departures.supplied_uuid is null
  and departures.email = holders.email
  and departures.left_on = holders.left_on
  and departures.is_day = holders.is_day
  and holders.likeliest_first = 1
left join {{ ref('int_onepassword__people') }} as people
  on departures.left_on is not null
  and coalesce(departures.supplied_uuid, holders.user_uuid) = people.user_uuid
