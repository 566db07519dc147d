{#-
  When somebody may have had access that no event announced. Whoever creates a vault or a group can open it, until a baseline
  tells or their access is seen to begin. And what a baseline lists or an event ends, though nothing opened it, was opened
  between that and what was known of it before. No two times of one vault and person overlap.
-#}
{% set beginning = onepassword_beginning() %}
{% set end_of_time = onepassword_end_of_time() %}

with untold as (
  select
    creators.kind,
    creators.created_uuid,
    creators.user_uuid,
    creators.created_at,
    min(case when scopes.is_named and scopes.as_of >= creators.created_at then scopes.as_of end) as listed_at
  from {{ ref('int_onepassword__creators') }} as creators
  left join {{ ref('int_onepassword__baseline_scopes') }} as scopes
    on creators.created_uuid = scopes.container_uuid
    and creators.kind = scopes.kind
  group by creators.kind, creators.created_uuid, creators.user_uuid, creators.created_at
),

created as (
  select untold.created_uuid as vault_uuid, untold.user_uuid, untold.created_at as possible_from, coalesce(untold.listed_at, {{ end_of_time }}) as possible_to
  from untold
  where untold.kind = 'vault'
  union all
  select
    grants.container_uuid,
    untold.user_uuid,
    case when grants.lower_bound > untold.created_at then grants.lower_bound else untold.created_at end,
    coalesce(untold.listed_at, {{ end_of_time }})
  from untold
  inner join {{ ref('int_onepassword__intervals') }} as grants
    on grants.kind = 'group vault'
    and untold.created_uuid = grants.holder_uuid
  where untold.kind = 'group'
),

first_seen as (
  select stretches.vault_uuid, stretches.user_uuid, min(coalesce(stretches.starts_at, {{ beginning }})) as seen_at
  from {{ ref('int_onepassword__access_stretches') }} as stretches
  group by stretches.vault_uuid, stretches.user_uuid
),

{#- Before the first baseline nobody asks for the others. #}
steps as (
  select
    events.kind,
    events.container_uuid,
    events.holder_uuid,
    events.effect,
    events.occurred_at,
    lag(events.effect) over (
      partition by events.kind, events.container_uuid, events.holder_uuid order by {{ onepassword_access_order('events') }}
    ) as previous_effect,
    lag(events.occurred_at) over (
      partition by events.kind, events.container_uuid, events.holder_uuid order by {{ onepassword_access_order('events') }}
    ) as previous_at
  from {{ ref('int_onepassword__access_events') }} as events
),

first_baselines as (
  select min(baselines.as_of) as as_of from {{ ref('int_onepassword__baselines') }} as baselines
),

unseen as (
  select
    steps.kind,
    steps.container_uuid,
    steps.holder_uuid,
    coalesce(steps.previous_at, {{ beginning }}) as possible_from,
    steps.occurred_at as possible_to
  from steps
  inner join first_baselines on steps.occurred_at > first_baselines.as_of
  where steps.effect in ('in baseline', 'open at baseline', 'change', 'close')
    and (
      steps.previous_effect in ('close', 'inferred close', 'not in baseline')
      or (steps.previous_effect is null and steps.effect in ('in baseline', 'open at baseline'))
    )
),

seen as (
  select
    intervals.kind,
    intervals.container_uuid,
    intervals.holder_uuid,
    coalesce(intervals.lower_bound, {{ beginning }}) as possible_from,
    coalesce(intervals.ended_at, {{ end_of_time }}) as possible_to
  from {{ ref('int_onepassword__intervals') }} as intervals
  where intervals.kind in ('group vault', 'membership')
),

possible as (
  select
    created.vault_uuid,
    created.user_uuid,
    created.possible_from,
    case when first_seen.seen_at < created.possible_to then first_seen.seen_at else created.possible_to end as possible_to,
    'access by creation' as reason
  from created
  left join first_seen
    on created.vault_uuid = first_seen.vault_uuid
    and created.user_uuid = first_seen.user_uuid
  union all
  select unseen.container_uuid, unseen.holder_uuid, unseen.possible_from, unseen.possible_to, 'opening not seen'
  from unseen
  where unseen.kind = 'user vault'
  {%- for grants, memberships in [('unseen', 'seen'), ('seen', 'unseen'), ('unseen', 'unseen')] %}
  union all
  select
    grants.container_uuid,
    memberships.holder_uuid,
    greatest(grants.possible_from, memberships.possible_from),
    least(grants.possible_to, memberships.possible_to),
    'opening not seen'
  from {{ grants }} as grants
  inner join {{ memberships }} as memberships on grants.holder_uuid = memberships.container_uuid
  where grants.kind = 'group vault'
    and memberships.kind = 'membership'
    and grants.possible_from < memberships.possible_to
    and memberships.possible_from < grants.possible_to
  {%- endfor %}
),

marked as (
  select
    possible.*,
    max(possible.possible_to) over (
      partition by possible.vault_uuid, possible.user_uuid
      order by possible.possible_from, possible.possible_to
      rows between unbounded preceding and 1 preceding
    ) as reached
  from possible
  where possible.possible_from < possible.possible_to
),

numbered as (
  select
    marked.*,
    sum(case when marked.possible_from <= marked.reached then 0 else 1 end) over (
      partition by marked.vault_uuid, marked.user_uuid
      order by marked.possible_from, marked.possible_to
      rows between unbounded preceding and current row
    ) as time_number
  from marked
)

select
  numbered.vault_uuid,
  numbered.user_uuid,
  min(numbered.possible_from) as possible_from,
  nullif(max(numbered.possible_to), {{ end_of_time }}) as possible_to,
  min(numbered.reason) as reason
from numbered
group by numbered.vault_uuid, numbered.user_uuid, numbered.time_number
