{#-
  What two baselines that follow one another tell differently, within the scope of both, or the log otherwise than the later
  one; and whether an event in between opens or closes just that. Creating a vault or a group opens it for its creator. Of a
  group whose memberships no event ever told, it tells nothing of who joined the team.
-#}
{% set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}

with announcing_groups as (
  select distinct logged.container_uuid
  from {{ ref('int_onepassword__logged_access') }} as logged
  where logged.kind = 'membership'
    and logged.effect <> 'inferred close'
),

{#- An end without a time may be of any, so it explains one and contradicts none. #}
undated as (
  select distinct logged.kind, logged.container_uuid, logged.holder_uuid
  from {{ ref('int_onepassword__logged_access') }} as logged
  where logged.is_undated
),

undated_people as (
  select distinct ends.object_uuid as user_uuid
  from {{ ref('int_onepassword__undated_ends') }} as ends
  where ends.object_type in ('user', 'sa')
),

compared as (
  select
    successions.kind,
    successions.from_as_of,
    successions.to_as_of,
    successions.number_of_day,
    later.kind as pair_kind,
    later.container_uuid,
    later.holder_uuid,
    earlier.state as from_state,
    later.state as to_state,
    later.logged_move,
    creators.user_uuid is not null as was_created,
    undated.container_uuid is not null as has_undated_end,
    successions.read_until,
    later.logged_move_event_uuid as event_uuid
  from {{ ref('int_onepassword__listings') }} as later
  inner join {{ ref('int_onepassword__successions') }} as successions
    on later.as_of = successions.to_as_of
    and successions.kind = case later.kind when 'membership' then 'group membership' else 'vault access' end
  inner join {{ ref('int_onepassword__listings') }} as earlier
    on later.kind = earlier.kind
    and later.container_uuid = earlier.container_uuid
    and later.holder_uuid = earlier.holder_uuid
    and successions.from_as_of = earlier.as_of
  left join {{ ref('int_onepassword__creators') }} as creators
    on later.container_uuid = creators.created_uuid
    and later.holder_uuid = creators.user_uuid
    and creators.kind = case later.kind when 'membership' then 'group' else 'vault' end
    and creators.created_at > successions.from_as_of
    and creators.created_at <= successions.to_as_of
  left join undated
    on later.kind = undated.kind
    and later.container_uuid = undated.container_uuid
    and later.holder_uuid = undated.holder_uuid
  left join announcing_groups on later.container_uuid = announcing_groups.container_uuid
  left join {{ ref('int_onepassword__beginnings') }} as joined
    on later.holder_uuid = joined.begun_uuid
    and joined.began_at > successions.from_as_of
    and joined.began_at <= successions.to_as_of
    and joined.next_began_at > successions.to_as_of
  where earlier.is_named
    and later.is_named
    and (later.kind <> 'membership' or announcing_groups.container_uuid is not null or joined.begun_uuid is null)

  union all
  select
    successions.kind,
    successions.from_as_of,
    successions.to_as_of,
    successions.number_of_day,
    'member',
    {{ no_text }},
    later.user_uuid,
    earlier.state,
    later.state,
    later.logged_move,
    false,
    undated_people.user_uuid is not null,
    successions.read_until,
    later.logged_move_event_uuid
  from {{ ref('int_onepassword__listed_members') }} as later
  inner join {{ ref('int_onepassword__successions') }} as successions
    on later.as_of = successions.to_as_of
    and successions.kind = 'member'
  inner join {{ ref('int_onepassword__listed_members') }} as earlier
    on later.user_uuid = earlier.user_uuid
    and successions.from_as_of = earlier.as_of
  left join undated_people on later.user_uuid = undated_people.user_uuid
)

select
  compared.kind,
  compared.from_as_of,
  compared.to_as_of,
  compared.number_of_day,
  compared.pair_kind,
  compared.container_uuid,
  compared.holder_uuid,
  compared.to_state,
  compared.from_state <> compared.to_state as is_changed,
  compared.from_state <> compared.to_state and (
    coalesce(compared.logged_move = compared.to_state, false)
    or (compared.to_state = 'open' and compared.was_created)
    or (compared.to_state <> 'open' and compared.has_undated_end)
  ) as is_explained,
  coalesce(compared.logged_move <> compared.to_state, false) as is_contradicted,
  compared.read_until,
  compared.event_uuid
from compared
where compared.from_state is not null
  and compared.to_state is not null
  and (compared.from_state <> compared.to_state or compared.logged_move <> compared.to_state)
