{#-
  What each baseline says of each person. It lists people: a service account that it lacks may still exist. Of somebody whose
  first event while the lists were being read tells more it says nothing: who is suspended was active, who is reactivated
  was suspended, and of who joins or goes it may tell the time before or after.
-#}
with listed as (
  select listed.user_uuid, listed.as_of, max(lower(listed.status)) as status
  from {{ onepassword_input('baseline_members') }} as listed
  group by listed.user_uuid, listed.as_of
),

baselines as (
  select baselines.as_of, baselines.read_until, lag(baselines.as_of) over (order by baselines.as_of) as previous_as_of
  from {{ ref('int_onepassword__baselines') }} as baselines
  where baselines.lists_members
),

changes as (
  select events.object_uuid as user_uuid, events.occurred_at, events.event_uuid, events.action
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.object_uuid is not null
    and (
      (events.object_type = 'user' and events.action in ('join', 'activate', 'suspend', 'reactive', 'delete', 'leave'))
      or (events.object_type = 'sa' and events.action in ('create', 'delete'))
    )
),

happened as (
  select
    changes.user_uuid,
    changes.event_uuid,
    changes.action,
    baselines.as_of,
    changes.occurred_at > baselines.as_of as is_while_read,
    row_number() over (
      partition by changes.user_uuid, baselines.as_of, changes.occurred_at > baselines.as_of
      order by changes.occurred_at, {{ onepassword_ordered('changes.event_uuid') }}
    ) as first_one,
    row_number() over (
      partition by changes.user_uuid, baselines.as_of, changes.occurred_at > baselines.as_of
      order by changes.occurred_at desc, {{ onepassword_ordered('changes.event_uuid') }} desc
    ) as last_of_all,
    row_number() over (
      partition by
        changes.user_uuid, baselines.as_of, changes.occurred_at > baselines.as_of, changes.action in ('suspend', 'reactive')
      order by changes.occurred_at desc, {{ onepassword_ordered('changes.event_uuid') }} desc
    ) as last_one
  from changes
  cross join baselines
  where changes.occurred_at <= baselines.read_until
    and changes.occurred_at > coalesce(baselines.previous_as_of, {{ onepassword_beginning() }})
),

told as (
  select
    happened.user_uuid,
    happened.as_of,
    max(case when happened.is_while_read and happened.first_one = 1 then happened.action end) as told_action,
    max(case when not happened.is_while_read and happened.last_of_all = 1 then happened.action end) as last_action,
    max(case when not happened.is_while_read and happened.last_one = 1 and happened.action not in ('suspend', 'reactive') then happened.action end) as last_move,
    max(case when not happened.is_while_read and happened.last_one = 1 and happened.action not in ('suspend', 'reactive') then happened.event_uuid end) as last_move_event_uuid
  from happened
  group by happened.user_uuid, happened.as_of
)

select
  people.user_uuid,
  people.kind,
  baselines.as_of,
  baselines.previous_as_of,
  listed.user_uuid is not null as is_listed,
  listed.status as listed_status,
  case
    when told.told_action = 'suspend' then 'active'
    when told.told_action = 'reactive' then 'suspended'
    when told.told_action in ('delete', 'leave') then case when listed.status in ('active', 'suspended') then listed.status end
    when told.told_action is not null then null
    when listed.status in ('active', 'suspended', 'removed') then listed.status
    when listed.user_uuid is not null then 'unknown'
    when people.kind not in ('service account', 'external') and people.first_seen_at <= baselines.as_of then 'removed'
  end as status,
  {#- Whether they were in the team. Who is invited, or in a state that nobody knows, may be either. #}
  case
    when told.told_action in ('suspend', 'reactive', 'delete', 'leave') then 'open'
    when told.told_action in ('join', 'create') then 'closed'
    when told.told_action is not null then null
    when listed.status in ('active', 'suspended') then 'open'
    when listed.status = 'removed' then 'closed'
    when listed.user_uuid is null and people.kind not in ('service account', 'external') then 'closed'
  end as state,
  case when told.last_action in ('delete', 'leave') then 'closed' when told.last_action is not null then 'open' end as logged_state,
  case when told.last_move in ('delete', 'leave') then 'closed' when told.last_move is not null then 'open' end as logged_move,
  told.last_move_event_uuid as logged_move_event_uuid,
  told.told_action is not null as is_told,
  people.acted_at <= baselines.as_of as has_acted
from {{ ref('int_onepassword__people') }} as people
cross join baselines
left join listed
  on people.user_uuid = listed.user_uuid
  and baselines.as_of = listed.as_of
left join told
  on people.user_uuid = told.user_uuid
  and baselines.as_of = told.as_of
