{#- When the audit log was last loaded, or a sync of it last found nothing: what happened later no event can have told yet. -#}
select
  case
    when syncs.last_success_at > coalesce(streams.last_loaded_at, streams.last_event_at) then syncs.last_success_at
    else coalesce(streams.last_loaded_at, streams.last_event_at)
  end as loaded_at
from {{ ref('onepassword__data_coverage') }} as streams
left join {{ ref('int_onepassword__last_syncs') }} as syncs on streams.stream = syncs.stream
where streams.stream = 'audit_events'
