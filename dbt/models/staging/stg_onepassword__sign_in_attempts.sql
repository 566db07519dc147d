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

with events as (
  {{ onepassword_source('sign_in_attempts', kinds) }}
),

opened as (
  select
    events.*,
    {{ onepassword_json_members('events.raw_details', ['value']) }} as details_members,
    {{ onepassword_json_members('events.raw_target_user', onepassword_person_members()) }} as target_user_members,
    {{ onepassword_json_members('events.raw_client', onepassword_client_members()) }} as client_members,
    {{ onepassword_json_members('events.raw_location', onepassword_location_members()) }} as location_members
  from events
)

select
  opened.event_uuid,
  {{ onepassword_occurred_at_columns('opened.raw_timestamp') }},
  opened.raw_session_uuid as session_uuid,
  opened.raw_category as category,
  opened.raw_type as type,
  opened.raw_country as country,
  {{ onepassword_json_member('opened.details_members', ['value'], 'value') }} as details_value,
  {{ onepassword_json_member('opened.target_user_members', onepassword_person_members(), 'uuid') }} as target_user_uuid,
  {{ onepassword_person_columns('opened.target_user_members', 'target_user') }},
  {{ onepassword_client_columns('opened.client_members') }},
  {{ onepassword_location_columns('opened.location_members') }},
  opened.raw_account_uuid as account_uuid,
  {{ onepassword_json_as_text('opened.raw_additional_fields') }} as additional_fields,
  opened.is_changed,
  opened.loaded_at
from opened
