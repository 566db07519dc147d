{% set address = onepassword_ordered('events.session_ip') %}

with sessions as (
  select
    events.session_uuid,
    min({{ address }}) as first_address,
    max({{ address }}) as last_address
  from {{ ref('int_onepassword__audit_events') }} as events
  where events.session_uuid is not null
    and events.session_ip is not null
  group by events.session_uuid
  having min({{ address }}) <> max({{ address }})
),

moved as (
  select
    sessions.session_uuid,
    sessions.first_address,
    sessions.last_address,
    events.session_ip,
    events.actor_uuid,
    coalesce(events.actor_name, events.actor_email) as subject,
    events.event_uuid,
    events.occurred_at
  from {{ ref('int_onepassword__audit_events') }} as events
  inner join sessions on events.session_uuid = sessions.session_uuid
  where events.session_ip is not null
),

counted as (
  select moved.session_uuid, count(distinct moved.session_ip) as addresses
  from moved
  group by moved.session_uuid
),

events as (
  select
    moved.session_uuid as window_key,
    moved.actor_uuid as subject_uuid,
    moved.subject,
    cast(counted.addresses as {{ dbt.type_string() }}) as object,
    {{ dbt.concat(['moved.first_address', "' and '", 'moved.last_address', "case when counted.addresses > 2 then ' among others' else '' end"]) }} as detail,
    moved.event_uuid,
    moved.occurred_at
  from moved
  inner join counted on moved.session_uuid = counted.session_uuid
)

{{ onepassword_finding('session_from_two_addresses') }}
