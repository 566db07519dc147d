{{ config(
    unique_key='event_uuid',
    incremental_strategy=onepassword_incremental_strategy(),
    partition_by=onepassword_partition_by_day('occurred_at', 'timestamp'),
    cluster_by=onepassword_cluster_by(['user_uuid', 'vault_uuid']),
    full_refresh=onepassword_full_refresh(),
) }}

{% set kinds = {
  'timestamp': 'time', 'used_version': 'integer', 'vault_uuid': 'text', 'item_uuid': 'text', 'action': 'text',
  'user': 'json', 'client': 'json', 'location': 'json', 'account_uuid': 'text', 'additional_fields': 'json',
} %}
{#- The source writes 1970 where 1Password sent no readable time. -#}
{% set epoch = onepassword_timestamp_literal(modules.datetime.datetime(1970, 1, 1)) %}
{#- `type` is what live V2 events carry where the reference says `user_type`. -#}
{% set person_fields = ['uuid', 'name', 'email', 'user_type', 'type', 'user_account_uuid'] %}
{% set client_fields = ['app_name', 'app_version', 'platform_name', 'platform_version', 'os_name', 'os_version', 'ip_address'] %}
{% set location_fields = ['country', 'region', 'city', 'latitude', 'longitude'] %}

{% set user = onepassword_json_texts('opened.user_fields', person_fields) %}
{% set client = onepassword_json_texts('opened.client_fields', client_fields) %}
{% set location = onepassword_json_texts('opened.location_fields', location_fields) %}

with events as (
  {{ onepassword_source('item_usages', kinds) }}
),

opened as (
  select
    events.*,
    {{ onepassword_json_fields('events.raw_user', person_fields) }} as user_fields,
    {{ onepassword_json_fields('events.raw_client', client_fields) }} as client_fields,
    {{ onepassword_json_fields('events.raw_location', location_fields) }} as location_fields
  from events
)

select
  opened.event_uuid,
  nullif(opened.raw_timestamp, {{ epoch }}) as occurred_at,
  coalesce(opened.raw_timestamp = {{ epoch }}, true) as is_undated,
  opened.raw_used_version as used_version,
  opened.raw_vault_uuid as vault_uuid,
  opened.raw_item_uuid as item_uuid,
  opened.raw_action as action,
  {{ user.uuid }} as user_uuid,
  {{ user.name }} as user_name,
  {{ user.email }} as user_email,
  coalesce({{ user.user_type }}, {{ user.type }}) as user_type,
  {{ user.user_account_uuid }} as user_account_uuid,
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
