{{ onepassword_finding_config('access_left_after_removal') }}
{#- The state at the end of the period. It rests on the events that opened what they held. -#}
with findings as (
  select
    paths.user_uuid as window_key,
    paths.user_uuid as subject_uuid,
    coalesce(max({{ onepassword_ordered('paths.user_name') }}), max({{ onepassword_ordered('paths.user_email') }})) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    cast(null as {{ dbt.type_string() }}) as detail,
    count(*) as number,
    max(members.status_known_since) as first_at,
    {{ onepassword_evidence_end() }} as last_at,
    coalesce(max(traces.events), 0) as events,
    max(traces.event_uuids) as event_uuids
  from {{ ref('int_onepassword__period_access') }} as paths
  left join {{ ref('int_onepassword__period_members') }} as members on paths.user_uuid = members.user_uuid
  left join {{ ref('int_onepassword__path_traces') }} as traces on paths.user_uuid = traces.user_uuid
  where paths.user_status = 'removed'
    and not coalesce(members.is_order_ambiguous, false)
  group by paths.user_uuid
)

{{ onepassword_state_finding('access_left_after_removal', 'true') }}
