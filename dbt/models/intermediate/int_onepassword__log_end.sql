{#-
  When the audit log was last loaded, or a sync of it last found nothing: what happened later no event can have told yet. When
  the last run began to read nobody knows, but that was after the one before it, of an earlier day, had ended. While events of
  the table are not read, nothing is known to be whole.
-#}
select
  case
    when streams.unread_rows > 0 then cast(null as {{ onepassword_type_timestamp() }})
    when syncs.read_at > coalesce(streams.last_loaded_at, streams.last_event_at) then syncs.read_at
    else coalesce(streams.last_loaded_at, streams.last_event_at)
  end as loaded_at
from {{ ref('onepassword__data_coverage') }} as streams
left join (
  select days.stream, max(days.last_success_at) as read_at
  from {{ ref('int_onepassword__sync_days') }} as days
  inner join {{ ref('int_onepassword__last_syncs') }} as newest
    on days.stream = newest.stream
    and days.last_success_at < newest.last_success_at
  group by days.stream
) as syncs on streams.stream = syncs.stream
where streams.stream = 'audit_events'
