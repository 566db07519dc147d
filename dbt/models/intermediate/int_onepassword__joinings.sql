{#-
  The first event of a stretch in the team by which one joins. An activation is one only if the person had left before, or
  had never acted.
-#}
select statuses.user_uuid, min(openings.occurred_at) as joined_at
from {{ ref('int_onepassword__member_statuses') }} as statuses
inner join {{ ref('int_onepassword__people') }} as people on statuses.user_uuid = people.user_uuid
inner join {{ ref('int_onepassword__audit_events') }} as openings
  on statuses.user_uuid = openings.object_uuid
  and openings.occurred_at >= statuses.started_at
  and openings.occurred_at < coalesce(statuses.ended_at, {{ onepassword_end_of_time() }})
where statuses.status = 'active'
  and coalesce(statuses.previous_status, 'removed') = 'removed'
  and (
    (openings.object_type = 'user' and openings.action = 'join')
    or (openings.object_type = 'sa' and openings.action = 'create')
    or (
      openings.object_type = 'user'
      and openings.action = 'activate'
      and (statuses.previous_status = 'removed' or people.acted_at is null or people.acted_at >= openings.occurred_at)
    )
  )
group by statuses.user_uuid, statuses.started_at
