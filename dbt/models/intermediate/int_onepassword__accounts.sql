{#- Of item usages the roll-up tells it, so that the stream is not read for it. -#}
with named as (
  select distinct events.account_uuid from {{ ref('stg_onepassword__audit_events') }} as events
  union distinct
  select distinct attempts.account_uuid from {{ ref('stg_onepassword__sign_in_attempts') }} as attempts
  union distinct
  select distinct nullif(daily.account_uuid, '') from {{ ref('int_onepassword__daily_item_use') }} as daily
)

select named.account_uuid
from named
where named.account_uuid is not null
