{#- Whether everything that two baselines tell differently is in the log. -#}
with counted as (
  select
    successions.kind,
    successions.from_as_of,
    successions.to_as_of,
    max(successions.read_until) as read_until,
    coalesce(sum(case when changes.is_changed then 1 else 0 end), 0) as changes,
    coalesce(sum(case when changes.is_explained then 1 else 0 end), 0) as explained,
    coalesce(sum(case when changes.is_contradicted then 1 else 0 end), 0) as contradicted
  from {{ ref('int_onepassword__successions') }} as successions
  left join {{ ref('int_onepassword__list_changes') }} as changes
    on successions.kind = changes.kind
    and successions.to_as_of = changes.to_as_of
  group by successions.kind, successions.from_as_of, successions.to_as_of
)

select
  {{ onepassword_key([onepassword_microseconds('counted.to_as_of'), 'counted.kind']) }} as log_confirmation_id,
  counted.from_as_of,
  counted.to_as_of,
  counted.kind,
  cast(counted.changes as {{ dbt.type_bigint() }}) as changes,
  cast(counted.explained as {{ dbt.type_bigint() }}) as explained,
  cast(counted.changes - counted.explained as {{ dbt.type_bigint() }}) as unexplained,
  cast(counted.contradicted as {{ dbt.type_bigint() }}) as contradicted,
  case
    when counted.changes = 0 and counted.contradicted = 0 then 'nothing changed'
    when counted.changes = counted.explained and counted.contradicted = 0 then 'confirmed'
    else 'not confirmed'
  end as verdict,
  coalesce({{ onepassword_is_log_loaded('log.loaded_at', 'counted') }}, false) as is_log_loaded,
  settings.account_uuid
from counted
cross join {{ ref('int_onepassword__log_end') }} as log
cross join {{ ref('int_onepassword__settings') }} as settings
