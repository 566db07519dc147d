{#- It rests on the events that opened what they hold. -#}
with openings as (
  select paths.user_uuid, paths.grant_event_uuid as event_uuid
  from {{ ref('onepassword__current_vault_access') }} as paths
  where paths.user_status = 'removed'
    and paths.grant_event_uuid is not null
  union distinct
  select paths.user_uuid, paths.membership_event_uuid
  from {{ ref('onepassword__current_vault_access') }} as paths
  where paths.user_status = 'removed'
    and paths.membership_event_uuid is not null
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
    paths.user_uuid as subject_uuid,
    coalesce(max(paths.user_name), max(paths.user_email)) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    cast(null as {{ dbt.type_string() }}) as detail,
    count(*) as number,
    max(statuses.known_since) as first_at,
    coalesce(max(traces.events), 0) as events,
    max(traces.event_uuids) as event_uuids
  from {{ ref('onepassword__current_vault_access') }} as paths
  left join {{ ref('int_onepassword__member_statuses') }} as statuses
    on paths.user_uuid = statuses.user_uuid
    and statuses.ended_at is null
  left join traces on paths.user_uuid = traces.user_uuid
  where paths.user_status = 'removed'
  group by paths.user_uuid
)

select
  'access_left_after_removal' as rule,
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
  select seed.severity, seed.sentence from {{ ref('onepassword_rules') }} as seed where seed.rule = 'access_left_after_removal'
) as rules
