{#-
  When somebody may have had access that no event announced. Whoever creates a vault or a group can open it, until a baseline
  tells or they are seen to be let in. What a baseline lists or an event ends, though nothing opened it, was opened between
  that and what was known of it before. And what an event without a time opens may have been open until something is known
  of it again. No two times of one vault and person overlap.
-#}
{% set beginning = onepassword_beginning() %}
{% set end_of_time = onepassword_end_of_time() %}

with created as (
  select
    creators.kind,
    creators.created_uuid,
    creators.user_uuid,
    creators.created_at,
    least(
      coalesce(min(case when scopes.is_named and scopes.as_of >= creators.created_at then scopes.as_of end), {{ end_of_time }}),
      coalesce(min(let_in.known_since), {{ end_of_time }})
    ) as possible_to
  from {{ ref('int_onepassword__creators') }} as creators
  left join {{ ref('int_onepassword__baseline_scopes') }} as scopes
    on creators.created_uuid = scopes.container_uuid
    and creators.kind = scopes.kind
  left join {{ ref('int_onepassword__intervals') }} as let_in
    on creators.created_uuid = let_in.container_uuid
    and creators.user_uuid = let_in.holder_uuid
    and let_in.kind = case creators.kind when 'vault' then 'user vault' else 'membership' end
    and let_in.known_since >= creators.created_at
  group by creators.kind, creators.created_uuid, creators.user_uuid, creators.created_at
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

{#- It had happened when it was loaded, so that a later event knows better. #}
undated as (
  select
    case events.object_type when 'gm' then 'membership' when 'gva' then 'group vault' else 'user vault' end as kind,
    events.object_uuid as container_uuid,
    events.aux_uuid as holder_uuid,
    max(coalesce(events.loaded_at, {{ end_of_time }})) as known_at
  from {{ ref('stg_onepassword__audit_events') }} as events
  where events.is_undated
    and events.object_uuid is not null
    and events.aux_uuid is not null
    and ((events.object_type in ('uva', 'gva') and events.action = 'grant') or (events.object_type = 'gm' and events.action = 'join'))
    {{ onepassword_of_account('events') }}
    {{ onepassword_of_stream('audit_events') }}
  group by events.object_type, events.object_uuid, events.aux_uuid
),

untimed as (
  select
    undated.kind,
    undated.container_uuid,
    undated.holder_uuid,
    {{ beginning }} as possible_from,
    coalesce(min(steps.occurred_at), {{ end_of_time }}) as possible_to
  from undated
  left join steps
    on undated.kind = steps.kind
    and undated.container_uuid = steps.container_uuid
    and undated.holder_uuid = steps.holder_uuid
    and undated.known_at < steps.occurred_at
  group by undated.kind, undated.container_uuid, undated.holder_uuid
),

unknown as (
  select unseen.* from unseen
  union all
  select untimed.* from untimed
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
  select created.created_uuid as vault_uuid, created.user_uuid, created.created_at as possible_from, created.possible_to, 'access by creation' as reason
  from created
  where created.kind = 'vault'
  union all
  select
    grants.container_uuid,
    created.user_uuid,
    greatest(grants.possible_from, created.created_at),
    created.possible_to,
    'access by creation'
  from created
  inner join seen as grants
    on grants.kind = 'group vault'
    and created.created_uuid = grants.holder_uuid
  where created.kind = 'group'
  union all
  select unknown.container_uuid, unknown.holder_uuid, unknown.possible_from, unknown.possible_to, 'opening not seen'
  from unknown
  where unknown.kind = 'user vault'
  {%- for grants, memberships in [('unknown', 'seen'), ('seen', 'unknown'), ('unknown', 'unknown')] %}
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
