{{ config(materialized='view') }}

{#- A stretch that hangs on the order of two events of one instant proves nothing. -#}
select
  statuses.user_uuid,
  coalesce(people.user_name, people.user_email) as subject,
  statuses.status,
  {{ dbt.concat(['statuses.user_uuid', "' '", 'coalesce(statuses.event_uuid, cast(' ~ onepassword_to_date('statuses.known_since') ~ ' as ' ~ dbt.type_string() ~ '))']) }} as absence_key,
  statuses.known_since,
  statuses.ended_at
from {{ ref('int_onepassword__member_statuses') }} as statuses
left join {{ ref('int_onepassword__people') }} as people on statuses.user_uuid = people.user_uuid
where statuses.status in ('suspended', 'removed')
  and not coalesce(statuses.is_order_ambiguous, false)
