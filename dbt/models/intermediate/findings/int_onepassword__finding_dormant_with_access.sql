{#- It rests on the events that opened what they hold. -#}
with members as (
  select
    members.user_uuid,
    members.user_name,
    members.user_email,
    members.current_vaults,
    people.last_act_at,
    coalesce(people.last_act_at, members.joined_at, members.first_seen_at) as idle_since
  from {{ ref('onepassword__team_members') }} as members
  inner join {{ ref('int_onepassword__people') }} as people on members.user_uuid = people.user_uuid
  where members.is_dormant
    and members.current_vaults > 0
),

openings as (
  select paths.user_uuid, paths.grant_event_uuid as event_uuid
  from {{ ref('onepassword__current_vault_access') }} as paths
  inner join members on paths.user_uuid = members.user_uuid
  where paths.grant_event_uuid is not null
  union distinct
  select paths.user_uuid, paths.membership_event_uuid
  from {{ ref('onepassword__current_vault_access') }} as paths
  inner join members on paths.user_uuid = members.user_uuid
  where paths.membership_event_uuid is not null
),

traces as (
  select
    ranked.user_uuid,
    count(*) as events,
    {{ onepassword_list('case when ranked.position <= 100 then ranked.event_uuid end', 'ranked.position') }} as event_uuids
  from (
    select
      openings.user_uuid,
      openings.event_uuid,
      row_number() over (
        partition by openings.user_uuid
        order by events.occurred_at, {{ onepassword_ordered('openings.event_uuid') }}
      ) as position
    from openings
    inner join {{ ref('int_onepassword__audit_events') }} as events on openings.event_uuid = events.event_uuid
  ) as ranked
  group by ranked.user_uuid
),

findings as (
  select
    members.user_uuid as subject_uuid,
    coalesce(members.user_name, members.user_email) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    coalesce(cast({{ onepassword_to_date('members.last_act_at') }} as {{ dbt.type_string() }}), 'the log began') as detail,
    members.current_vaults as number,
    {{ onepassword_add_days('members.idle_since', onepassword_setting('dormant_days')) }} as first_at,
    coalesce(traces.events, 0) as events,
    traces.event_uuids
  from members
  left join traces on members.user_uuid = traces.user_uuid
)

select
  'dormant_with_access' as rule,
  findings.subject_uuid as window_key,
  rules.severity,
  findings.subject_uuid,
  findings.subject,
  {{ onepassword_finding_sentence('findings.number') }} as sentence,
  findings.first_at,
  {{ onepassword_as_of() }} as last_at,
  findings.events,
  findings.event_uuids
from findings
cross join (
  select seed.severity, seed.sentence from {{ ref('onepassword_rules') }} as seed where seed.rule = 'dormant_with_access'
) as rules
