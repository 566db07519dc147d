{#-
  When each person was last invited. An invitation names an address and no person: it is meant for whoever next begins to
  have that address, by joining for instance; if nobody does, for whoever has it then and was not removed.
-#}
with invitations as (
  select lower(trim(events.aux_info)) as email, events.occurred_at as invited_at, events.event_uuid
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.object_type = 'invite'
    and events.action = 'create'
    and events.aux_info is not null
),

arrivals as (
  select addresses.user_uuid, addresses.email, coalesce(addresses.held_from, addresses.first_at) as arrived_at
  from {{ ref('int_onepassword__addresses') }} as addresses
  union distinct
  select addresses.user_uuid, addresses.email, joinings.occurred_at
  from {{ ref('int_onepassword__addresses') }} as addresses
  inner join {{ ref('int_onepassword__audit_events') }} as joinings
    on addresses.user_uuid = joinings.object_uuid
    and joinings.object_type = 'user'
    and joinings.action in ('join', 'activate')
),

candidates as (
  select
    invitations.event_uuid,
    invitations.invited_at,
    arrivals.user_uuid,
    row_number() over (
      partition by invitations.event_uuid
      order by
        case when arrivals.arrived_at >= invitations.invited_at then 0 else 1 end,
        case when arrivals.arrived_at >= invitations.invited_at then arrivals.arrived_at end,
        arrivals.arrived_at desc,
        {{ onepassword_ordered('arrivals.user_uuid') }}
    ) as nearest_first
  from invitations
  inner join arrivals on invitations.email = arrivals.email
  left join {{ ref('int_onepassword__member_statuses') }} as removals
    on arrivals.user_uuid = removals.user_uuid
    and removals.status = 'removed'
    and removals.known_since <= invitations.invited_at
    and coalesce(removals.ended_at, {{ onepassword_end_of_time() }}) > invitations.invited_at
  where arrivals.arrived_at >= invitations.invited_at
    or removals.user_uuid is null
)

select candidates.user_uuid, max(candidates.invited_at) as invited_at
from candidates
where candidates.nearest_first = 1
group by candidates.user_uuid
