{#-
  Events that end something and have no time: it was over when they were loaded, and perhaps long before. They count as of
  then, or as of now where nobody knows when that was.
-#}
{{ config(materialized='view') }}

select
  events.event_uuid,
  coalesce(events.loaded_at, {{ onepassword_as_of() }}) as known_at,
  events.actor_uuid,
  events.action,
  events.object_type,
  events.object_uuid,
  events.aux_uuid
from {{ ref('stg_onepassword__audit_events') }} as events
where events.is_undated
  and (events.loaded_at is null or events.loaded_at <= {{ onepassword_as_of() }})
  and events.object_uuid is not null
  and (
    (events.object_type in ('uva', 'gva') and events.action = 'revoke' and events.aux_uuid is not null)
    or (events.object_type = 'gm' and events.action = 'leave' and events.aux_uuid is not null)
    or (events.object_type in ('vault', 'group', 'sa') and events.action = 'delete')
    or (events.object_type = 'user' and events.action in ('suspend', 'delete', 'leave'))
  )
  {{ onepassword_of_account('events') }}
  {{ onepassword_of_stream('audit_events') }}
