select
  {{ onepassword_key(['intervals.container_uuid', 'intervals.holder_uuid', onepassword_microseconds('intervals.known_since'), 'intervals.first_event_uuid']) }} as group_membership_id,
  intervals.container_uuid as group_uuid,
  group_names.name as group_name,
  intervals.holder_uuid as user_uuid,
  coalesce(intervals.holder_name, people.user_name) as user_name,
  coalesce(intervals.holder_email, people.user_email) as user_email,
  intervals.role,
  intervals.opened_at as joined_at,
  intervals.known_since,
  intervals.ended_at,
  intervals.ended_by,
  intervals.opened_by_uuid as added_by_uuid,
  intervals.ended_by_uuid as removed_by_uuid,
  intervals.first_event_uuid,
  intervals.last_event_uuid,
  intervals.basis,
  intervals.ended_at is null as is_current,
  intervals.is_order_ambiguous,
  case when creators.user_uuid is not null then 'access by creation' end as open_question,
  coverage.covered_from as coverage_from,
  settings.account_uuid
from {{ ref('int_onepassword__intervals') }} as intervals
cross join {{ ref('int_onepassword__settings') }} as settings
left join {{ ref('int_onepassword__people') }} as people on intervals.holder_uuid = people.user_uuid
left join {{ ref('int_onepassword__names') }} as group_names
  on intervals.container_uuid = group_names.uuid
  and group_names.kind = 'group'
left join {{ ref('int_onepassword__creators') }} as creators
  on intervals.container_uuid = creators.created_uuid
  and intervals.holder_uuid = creators.user_uuid
  and creators.kind = 'group'
left join {{ ref('int_onepassword__coverage') }} as coverage
  on coverage.what = 'memberships'
  and intervals.container_uuid = coverage.container_uuid
  and {{ onepassword_reaches('coverage', onepassword_as_of()) }}
where intervals.kind = 'membership'
