{{ onepassword_finding_config('dormant_with_access') }}
{#- The state at the end of the period. It rests on the events that opened what they held. -#}
with members as (
  select
    members.user_uuid,
    members.user_name,
    members.user_email,
    members.vaults,
    members.last_act_at,
    coalesce(members.last_act_at, members.joined_at, members.first_seen_at) as idle_since
  from {{ ref('int_onepassword__period_members') }} as members
  where members.is_dormant
    and members.vaults > 0
),

findings as (
  select
    members.user_uuid as window_key,
    members.user_uuid as subject_uuid,
    coalesce(members.user_name, members.user_email) as subject,
    cast(null as {{ dbt.type_string() }}) as object,
    coalesce(cast({{ onepassword_to_date('members.last_act_at') }} as {{ dbt.type_string() }}), 'the log began') as detail,
    members.vaults as number,
    {#- Whoever is in no event, but on a list, was never seen. #}
    coalesce({{ onepassword_add_days('members.idle_since', onepassword_setting('dormant_days')) }}, {{ onepassword_evidence_end() }}) as first_at,
    {{ onepassword_evidence_end() }} as last_at,
    coalesce(traces.events, 0) as events,
    traces.event_uuids
  from members
  left join {{ ref('int_onepassword__path_traces') }} as traces on members.user_uuid = traces.user_uuid
)

{{ onepassword_state_finding('dormant_with_access', 'true') }}
