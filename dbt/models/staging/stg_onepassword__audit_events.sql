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
{#- The source writes 1970 where 1Password sent no readable time. -#}
{% set epoch = onepassword_timestamp_literal(modules.datetime.datetime(1970, 1, 1)) %}
{#- `type` is what live V2 events carry where the reference says `user_type`. -#}
{% set person_fields = ['uuid', 'name', 'email', 'user_type', 'type', 'user_account_uuid'] %}
{% set location_fields = ['country', 'region', 'city', 'latitude', 'longitude'] %}
{% set session_fields = ['uuid', 'login_time', 'device_uuid', 'ip'] %}

{% set actor = onepassword_json_texts('opened.actor_fields', person_fields) %}
{% set object = onepassword_json_texts('opened.object_fields', person_fields) %}
{% set aux = onepassword_json_texts('opened.aux_fields', person_fields) %}
{% set session = onepassword_json_texts('opened.session_fields', session_fields) %}
{% set location = onepassword_json_texts('opened.location_fields', location_fields) %}

with events as (
  {{ onepassword_source('audit_events', kinds) }}
),

opened as (
  select
    events.*,
    {{ onepassword_json_fields('events.raw_actor_details', person_fields) }} as actor_fields,
    {{ onepassword_json_fields('events.raw_object_details', person_fields) }} as object_fields,
    {{ onepassword_json_fields('events.raw_aux_details', person_fields) }} as aux_fields,
    {{ onepassword_json_fields('events.raw_session', session_fields) }} as session_fields,
    {{ onepassword_json_fields('events.raw_location', location_fields) }} as location_fields
  from events
)

select
  opened.event_uuid,
  nullif(opened.raw_timestamp, {{ epoch }}) as occurred_at,
  coalesce(opened.raw_timestamp = {{ epoch }}, true) as is_undated,
  coalesce(opened.raw_actor_uuid, {{ actor.uuid }}) as actor_uuid,
  {{ actor.name }} as actor_name,
  {{ actor.email }} as actor_email,
  coalesce({{ actor.user_type }}, {{ actor.type }}) as actor_user_type,
  {{ actor.user_account_uuid }} as actor_user_account_uuid,
  opened.raw_actor_type as actor_type,
  opened.raw_actor_account_uuid as actor_account_uuid,
  opened.raw_account_uuid as account_uuid,
  opened.raw_action as action,
  opened.raw_object_type as object_type,
  coalesce(opened.raw_object_uuid, {{ object.uuid }}) as object_uuid,
  {{ object.name }} as object_name,
  {{ object.email }} as object_email,
  coalesce({{ object.user_type }}, {{ object.type }}) as object_user_type,
  {{ object.user_account_uuid }} as object_user_account_uuid,
  opened.raw_aux_id as aux_id,
  coalesce(opened.raw_aux_uuid, {{ aux.uuid }}) as aux_uuid,
  {{ aux.name }} as aux_name,
  {{ aux.email }} as aux_email,
  coalesce({{ aux.user_type }}, {{ aux.type }}) as aux_user_type,
  {{ aux.user_account_uuid }} as aux_user_account_uuid,
  opened.raw_aux_info as aux_info,
  {{ session.uuid }} as session_uuid,
  {{ onepassword_to_utc(session.login_time, dbt.type_string()) }} as session_login_time,
  {{ session.device_uuid }} as session_device_uuid,
  {{ session.ip }} as session_ip,
  {{ location.country }} as location_country,
  {{ location.region }} as location_region,
  {{ location.city }} as location_city,
  {{ onepassword_text_to_float(location.latitude) }} as location_latitude,
  {{ onepassword_text_to_float(location.longitude) }} as location_longitude,
  {{ onepassword_json_as_text('opened.raw_additional_fields') }} as additional_fields,
  opened.is_changed,
  opened.loaded_at
from opened
