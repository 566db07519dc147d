{#- Who was known in the account at `moment` (a timestamp in SQL, not later than `onepassword_as_of`), with the status of then. -#}
{%- macro onepassword_members_as_of(moment) %}
select
  people.user_uuid,
  people.user_name,
  people.user_email,
  people.kind,
  coalesce(statuses.status, case when people.acted_at <= {{ moment }} then 'active' else 'unknown' end) as status,
  statuses.known_since as status_known_since,
  statuses.event_uuid as status_event_uuid,
  coalesce(statuses.is_order_ambiguous, false) as is_order_ambiguous,
  people.first_seen_at,
  {{ onepassword_covered_from('members', moment) }} as coverage_from,
  settings.account_uuid
from {{ ref('int_onepassword__people') }} as people
cross join {{ ref('int_onepassword__settings') }} as settings
left join {{ ref('int_onepassword__member_statuses') }} as statuses
  on people.user_uuid = statuses.user_uuid
  and statuses.known_since <= {{ moment }}
  and (statuses.ended_at is null or statuses.ended_at > {{ moment }})
where coalesce(people.kind, 'person') <> 'external'
  and (people.first_seen_at <= {{ moment }} or statuses.user_uuid is not null)
{%- endmacro -%}
