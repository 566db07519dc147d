{{ config(
    unique_key='event_uuid',
    incremental_strategy=onepassword_incremental_strategy(),
    partition_by=onepassword_partition_by_day('occurred_at', 'timestamp'),
    cluster_by=onepassword_cluster_by(['object_type', 'action', 'actor_uuid']),
    full_refresh=onepassword_full_refresh(),
) }}

{% set kinds = {
  'timestamp': 'time', 'actor_uuid': 'text', 'actor_details': 'json', 'actor_type': 'text', 'actor_account_uuid': 'text',
  'account_uuid': 'text', 'action': 'text', 'object_type': 'text', 'object_uuid': 'text', 'object_details': 'json',
  'aux_id': 'integer', 'aux_uuid': 'text', 'aux_details': 'json', 'aux_info': 'text', 'session': 'json',
  'location': 'json', 'additional_fields': 'json',
} %}
{% set session = ['uuid', 'login_time', 'device_uuid', 'ip'] %}

with events as (
  {{ onepassword_source('audit_events', kinds) }}
),

opened as (
  select
    events.*,
    {{ onepassword_json_members('events.raw_actor_details', onepassword_person_members()) }} as actor_members,
    {{ onepassword_json_members('events.raw_object_details', onepassword_person_members()) }} as object_members,
    {{ onepassword_json_members('events.raw_aux_details', onepassword_person_members()) }} as aux_members,
    {{ onepassword_json_members('events.raw_session', session) }} as session_members,
    {{ onepassword_json_members('events.raw_location', onepassword_location_members()) }} as location_members
  from events
)

select
  opened.event_uuid,
  {{ onepassword_occurred_at_columns('opened.raw_timestamp') }},
  coalesce(opened.raw_actor_uuid, {{ onepassword_json_member('opened.actor_members', onepassword_person_members(), 'uuid') }}) as actor_uuid,
  {{ onepassword_person_columns('opened.actor_members', 'actor') }},
  opened.raw_actor_type as actor_type,
  opened.raw_actor_account_uuid as actor_account_uuid,
  opened.raw_account_uuid as account_uuid,
  opened.raw_action as action,
  opened.raw_object_type as object_type,
  coalesce(opened.raw_object_uuid, {{ onepassword_json_member('opened.object_members', onepassword_person_members(), 'uuid') }}) as object_uuid,
  {{ onepassword_person_columns('opened.object_members', 'object') }},
  opened.raw_aux_id as aux_id,
  coalesce(opened.raw_aux_uuid, {{ onepassword_json_member('opened.aux_members', onepassword_person_members(), 'uuid') }}) as aux_uuid,
  {{ onepassword_person_columns('opened.aux_members', 'aux') }},
  opened.raw_aux_info as aux_info,
  {{ onepassword_json_member('opened.session_members', session, 'uuid') }} as session_uuid,
  {{ onepassword_to_utc(onepassword_json_member('opened.session_members', session, 'login_time'), dbt.type_string()) }} as session_login_time,
  {{ onepassword_json_member('opened.session_members', session, 'device_uuid') }} as session_device_uuid,
  {{ onepassword_json_member('opened.session_members', session, 'ip') }} as session_ip,
  {{ onepassword_location_columns('opened.location_members') }},
  {{ onepassword_json_as_text('opened.raw_additional_fields') }} as additional_fields,
  opened.is_changed,
  opened.loaded_at
from opened
