{#-
  What each baseline says of each pair that lies in its scope. It is the truth at its time: what it lists was open, and what
  it does not list was not. It says nothing of a pair whose first event while the lists were being read tells more: what is
  closed or changed was open, and what is opened was not.
-#}
with listed as (
  select
    case lower(baseline.grantee_type) when 'group' then 'group vault' else 'user vault' end as kind,
    baseline.vault_uuid as container_uuid,
    baseline.grantee_uuid as holder_uuid,
    cast(null as {{ dbt.type_string() }}) as role,
    baseline.permissions,
    baseline.as_of
  from {{ onepassword_input('baseline_vault_access') }} as baseline
  union all
  select
    'membership', baseline.group_uuid, baseline.user_uuid, lower(baseline.role), cast(null as {{ dbt.type_string() }}),
    baseline.as_of
  from {{ onepassword_input('baseline_group_members') }} as baseline
),

baseline as (
  select
    listed.kind,
    listed.container_uuid,
    listed.holder_uuid,
    listed.as_of,
    max(case when listed.role in ('manager', 'member') then listed.role end) as role,
    max({{ onepassword_ordered('listed.permissions') }}) as permissions
  from listed
  where listed.container_uuid is not null
    and listed.holder_uuid is not null
  group by listed.kind, listed.container_uuid, listed.holder_uuid, listed.as_of
),

pairs as (
  select logged.kind, logged.container_uuid, logged.holder_uuid from {{ ref('int_onepassword__logged_access') }} as logged
  union distinct
  select baseline.kind, baseline.container_uuid, baseline.holder_uuid from baseline
),

scoped as (
  select
    pairs.kind,
    pairs.container_uuid,
    pairs.holder_uuid,
    scopes.as_of,
    scopes.read_until,
    scopes.previous_as_of,
    scopes.is_named,
    scopes.began_later_at as container_began_later_at
  from pairs
  inner join {{ ref('int_onepassword__baseline_scopes') }} as scopes
    on pairs.container_uuid = scopes.container_uuid
    and scopes.kind = case pairs.kind when 'membership' then 'group' else 'vault' end
),

happened as (
  select
    scoped.kind,
    scoped.container_uuid,
    scoped.holder_uuid,
    scoped.as_of,
    logged.effect,
    logged.event_uuid,
    logged.occurred_at > scoped.as_of as is_while_read,
    row_number() over (
      partition by scoped.kind, scoped.container_uuid, scoped.holder_uuid, scoped.as_of, logged.occurred_at > scoped.as_of
      {#- What is opened and changed in one instant is opened first. #}
      order by
        logged.occurred_at,
        case logged.effect when 'change' then 1 else 0 end,
        {{ onepassword_ordered('logged.event_uuid') }}
    ) as first_one,
    row_number() over (
      partition by
        scoped.kind, scoped.container_uuid, scoped.holder_uuid, scoped.as_of, logged.occurred_at > scoped.as_of,
        logged.effect = 'change'
      order by logged.occurred_at desc, {{ onepassword_ordered('logged.event_uuid') }} desc
    ) as last_one,
    row_number() over (
      partition by scoped.kind, scoped.container_uuid, scoped.holder_uuid, scoped.as_of, logged.occurred_at > scoped.as_of
      order by logged.occurred_at desc, {{ onepassword_ordered('logged.event_uuid') }} desc
    ) as last_of_all
  from scoped
  inner join {{ ref('int_onepassword__logged_access') }} as logged
    on scoped.kind = logged.kind
    and scoped.container_uuid = logged.container_uuid
    and scoped.holder_uuid = logged.holder_uuid
    and logged.occurred_at <= scoped.read_until
    and logged.occurred_at > coalesce(scoped.previous_as_of, {{ onepassword_beginning() }})
    and not logged.is_undated
),

told as (
  select
    happened.kind,
    happened.container_uuid,
    happened.holder_uuid,
    happened.as_of,
    max(case when happened.is_while_read and happened.first_one = 1 then happened.effect end) as told_effect,
    max(case when happened.is_while_read and happened.first_one = 1 then happened.event_uuid end) as told_event_uuid,
    max(case when not happened.is_while_read and happened.last_of_all = 1 then happened.effect end) as last_effect,
    max(case when not happened.is_while_read and happened.last_one = 1 and happened.effect <> 'change' then happened.effect end) as last_move,
    max(case when not happened.is_while_read and happened.last_one = 1 and happened.effect <> 'change' then happened.event_uuid end) as last_move_event_uuid
  from happened
  group by happened.kind, happened.container_uuid, happened.holder_uuid, happened.as_of
),

known as (
  select
    scoped.kind,
    scoped.container_uuid,
    scoped.holder_uuid,
    scoped.as_of,
    scoped.read_until,
    scoped.previous_as_of,
    scoped.is_named,
    baseline.role,
    baseline.permissions,
    baseline.container_uuid is not null as is_listed,
    case
      when scoped.container_began_later_at is not null and coalesce(holders.began_at <= scoped.container_began_later_at, true)
        then scoped.container_began_later_at
      when holders.began_at > scoped.as_of then holders.began_at
    end as began_later_at,
    told.told_effect,
    told.told_event_uuid,
    case when told.last_effect in ('open', 'change') then 'open' when told.last_effect is not null then 'closed' end as logged_state,
    case when told.last_move = 'open' then 'open' when told.last_move is not null then 'closed' end as logged_move,
    told.last_move_event_uuid as logged_move_event_uuid
  from scoped
  left join baseline
    on scoped.kind = baseline.kind
    and scoped.container_uuid = baseline.container_uuid
    and scoped.holder_uuid = baseline.holder_uuid
    and scoped.as_of = baseline.as_of
  left join told
    on scoped.kind = told.kind
    and scoped.container_uuid = told.container_uuid
    and scoped.holder_uuid = told.holder_uuid
    and scoped.as_of = told.as_of
  left join {{ ref('int_onepassword__beginnings') }} as holders
    on scoped.holder_uuid = holders.begun_uuid
    and holders.began_at = holders.first_began_at
)

select
  known.*,
  {#- An end that is inferred while the lists are read leaves open whether what they lack was there before. #}
  case
    when known.told_effect = 'open' then 'closed'
    when known.is_listed then 'open'
    when known.began_later_at is not null then 'closed'
    when known.told_effect in ('close', 'change') then 'open'
    when known.told_effect is null then 'closed'
  end as state
from known
