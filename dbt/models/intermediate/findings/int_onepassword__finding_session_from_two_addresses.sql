with sessions as (
  select
    events.session_uuid,
    count(distinct events.session_ip) as addresses,
    min(events.session_ip) as first_address,
    max(events.session_ip) as last_address
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.session_uuid is not null
    and events.session_ip is not null
  group by events.session_uuid
  having count(distinct events.session_ip) > 1
),

events as (
  select
    sessions.session_uuid as window_key,
    events.actor_uuid as subject_uuid,
    coalesce(events.actor_name, events.actor_email) as subject,
    cast(sessions.addresses as {{ dbt.type_string() }}) as object,
    {{ dbt.concat(['sessions.first_address', "' and '", 'sessions.last_address', "case when sessions.addresses > 2 then ' among others' else '' end"]) }} as detail,
    events.event_uuid,
    events.occurred_at
  from {{ ref('int_onepassword__audit_events') }} as events
  inner join sessions on events.session_uuid = sessions.session_uuid
  where events.session_ip is not null
)

{{ onepassword_finding('session_from_two_addresses') }}
