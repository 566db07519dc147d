{#- Events by stream and day, with when they were loaded. Late is what happened after the stream's first load and took longer than a day needs to settle. -#}
{% for stream in onepassword_known_streams() %}
select
  '{{ stream }}' as stream,
  {{ onepassword_to_date('delivered.occurred_at') }} as day,
  cast(count(*) as {{ dbt.type_bigint() }}) as events,
  min(delivered.occurred_at) as first_event_at,
  max(delivered.occurred_at) as last_event_at,
  min(delivered.loaded_at) as first_loaded_at,
  max(case when delivered.loaded_at <= {{ onepassword_latest_load() }} then delivered.loaded_at end) as last_loaded_at,
  cast(sum(case
    when first_loads.first_loaded_at is null then null
    when delivered.occurred_at > first_loads.first_loaded_at
      and delivered.loaded_at > {{ onepassword_add_days('delivered.occurred_at', onepassword_setting('settle_days')) }} then 1
    else 0
  end) as {{ dbt.type_bigint() }}) as late_events,
  cast(sum(case when delivered.event_uuid like 'derived-%' then 1 else 0 end) as {{ dbt.type_bigint() }}) as derived_keys
from {{ ref('int_onepassword__' ~ stream) }} as delivered
cross join (
  select min(loads.loaded_at) as first_loaded_at from {{ ref('int_onepassword__' ~ stream) }} as loads
) as first_loads
group by {{ onepassword_to_date('delivered.occurred_at') }}
{{ 'union all' if not loop.last }}
{% endfor %}
