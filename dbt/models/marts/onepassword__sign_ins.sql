{{ config(materialized='view') }}

{#- A row of the seed has a category, which alone decides the outcome, or a type, which says the stage and the reason. -#}
with categories as (
  select seed.category, seed.outcome, seed.stage, seed.sentence
  from {{ ref('onepassword_sign_in_outcomes') }} as seed
  where seed.category is not null
),

types as (
  select seed.type, seed.stage, seed.sentence as reason
  from {{ ref('onepassword_sign_in_outcomes') }} as seed
  where seed.type is not null
),

attempts as (
  select
    events.*,
    coalesce(categories.outcome, 'unknown') as outcome,
    coalesce(types.stage, categories.stage) as stage,
    types.reason,
    coalesce(
      categories.sentence, '{user} tried to sign in with {app}; the outcome "{outcome}" is not known'
    ) as template
  from {{ ref('int_onepassword__sign_in_attempts') }} as events
  left join categories on events.category = categories.category
  left join types on events.type = types.type
)

select
  attempts.event_uuid,
  attempts.occurred_at,
  attempts.target_user_uuid as user_uuid,
  attempts.target_user_name as user_name,
  attempts.target_user_email as user_email,
  attempts.outcome,
  attempts.stage,
  {{ dbt.concat([
    onepassword_sentence('attempts.template', {
      'user': 'coalesce(attempts.target_user_name, attempts.target_user_email, attempts.target_user_uuid)',
      'app': "coalesce(attempts.client_app_name, 'an app that gives no name')",
      'outcome': "coalesce(attempts.category, '')",
    }),
    "case when attempts.reason is null then '' else " ~ dbt.concat(["' ('", 'attempts.reason', "coalesce(" ~ dbt.concat(["': '", 'attempts.details_value']) ~ ", '')", "')'"]) ~ ' end',
  ]) }} as sentence,
  attempts.category,
  attempts.type,
  coalesce(attempts.location_country, attempts.country) as country,
  attempts.location_region as region,
  attempts.location_city as city,
  attempts.location_latitude as latitude,
  attempts.location_longitude as longitude,
  attempts.client_ip_address as ip,
  attempts.client_app_name as app_name,
  attempts.client_app_version as app_version,
  attempts.client_platform_name as platform_name,
  attempts.client_os_name as os_name,
  attempts.session_uuid,
  attempts.account_uuid
from attempts
