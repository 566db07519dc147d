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

with events as (
  {{ onepassword_source('item_usages', kinds) }}
),

opened as (
  select
    events.*,
    {{ onepassword_json_members('events.raw_user', onepassword_person_members()) }} as user_members,
    {{ onepassword_json_members('events.raw_client', onepassword_client_members()) }} as client_members,
    {{ onepassword_json_members('events.raw_location', onepassword_location_members()) }} as location_members
  from events
)

select
  opened.event_uuid,
  {{ onepassword_occurred_at_columns('opened.raw_timestamp') }},
  opened.raw_used_version as used_version,
  opened.raw_vault_uuid as vault_uuid,
  opened.raw_item_uuid as item_uuid,
  opened.raw_action as action,
  {{ onepassword_json_member('opened.user_members', onepassword_person_members(), 'uuid') }} as user_uuid,
  {{ onepassword_person_columns('opened.user_members', 'user') }},
  {{ onepassword_client_columns('opened.client_members') }},
  {{ onepassword_location_columns('opened.location_members') }},
  opened.raw_account_uuid as account_uuid,
  {{ onepassword_json_as_text('opened.raw_additional_fields') }} as additional_fields,
  opened.is_changed,
  opened.loaded_at
from opened
