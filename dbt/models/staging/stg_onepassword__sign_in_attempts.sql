{{ config(
    unique_key='event_uuid',
    incremental_strategy=onepassword_incremental_strategy(),
    partition_by=onepassword_partition_by_day('occurred_at', 'timestamp'),
    cluster_by=onepassword_cluster_by(['target_user_uuid']),
    full_refresh=onepassword_full_refresh(),
) }}

{% set kinds = {
  'timestamp': 'time', 'session_uuid': 'text', 'category': 'text', 'type': 'text', 'country': 'text', 'details': 'json',
  'target_user': 'json', 'client': 'json', 'location': 'json', 'account_uuid': 'text', 'additional_fields': 'json',
} %}
{#- The source writes 1970 where 1Password sent no readable time. -#}
{% set epoch = onepassword_timestamp_literal(modules.datetime.datetime(1970, 1, 1)) %}
{#- `type` is what live V2 events carry where the reference says `user_type`. -#}
{% set person_fields = ['uuid', 'name', 'email', 'user_type', 'type', 'user_account_uuid'] %}
{% set client_fields = ['app_name', 'app_version', 'platform_name', 'platform_version', 'os_name', 'os_version', 'ip_address'] %}
{% set location_fields = ['country', 'region', 'city', 'latitude', 'longitude'] %}

{% set details = onepassword_json_texts('opened.details_fields', ['value']) %}
{% set target_user = onepassword_json_texts('opened.target_user_fields', person_fields) %}
{% set client = onepassword_json_texts('opened.client_fields', client_fields) %}
{% set location = onepassword_json_texts('opened.location_fields', location_fields) %}

with events as (
  {{ onepassword_source('sign_in_attempts', kinds) }}
),

opened as (
  select
    events.*,
    {{ onepassword_json_fields('events.raw_details', ['value']) }} as details_fields,
    {{ onepassword_json_fields('events.raw_target_user', person_fields) }} as target_user_fields,
    {{ onepassword_json_fields('events.raw_client', client_fields) }} as client_fields,
    {{ onepassword_json_fields('events.raw_location', location_fields) }} as location_fields
  from events
)

select
  opened.event_uuid,
  nullif(opened.raw_timestamp, {{ epoch }}) as occurred_at,
  coalesce(opened.raw_timestamp = {{ epoch }}, true) as is_undated,
  opened.raw_session_uuid as session_uuid,
  opened.raw_category as category,
  opened.raw_type as type,
  opened.raw_country as country,
  {{ details.value }} as details_value,
  {{ target_user.uuid }} as target_user_uuid,
  {{ target_user.name }} as target_user_name,
  {{ target_user.email }} as target_user_email,
  coalesce({{ target_user.user_type }}, {{ target_user.type }}) as target_user_type,
  {{ target_user.user_account_uuid }} as target_user_account_uuid,
  {{ client.app_name }} as client_app_name,
  {{ client.app_version }} as client_app_version,
  {{ client.platform_name }} as client_platform_name,
  {{ client.platform_version }} as client_platform_version,
  {{ client.os_name }} as client_os_name,
  {{ client.os_version }} as client_os_version,
  {{ client.ip_address }} as client_ip_address,
  {{ location.country }} as location_country,
  {{ location.region }} as location_region,
  {{ location.city }} as location_city,
  {{ onepassword_text_to_float(location.latitude) }} as location_latitude,
  {{ onepassword_text_to_float(location.longitude) }} as location_longitude,
  opened.raw_account_uuid as account_uuid,
  {{ onepassword_json_as_text('opened.raw_additional_fields') }} as additional_fields,
  opened.is_changed,
  opened.loaded_at
from opened
