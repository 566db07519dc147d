{#- A run of no stream is one of all. -#}
select
  streams.stream,
  {{ onepassword_to_date('runs.ended_at') }} as day,
  max(runs.ended_at) as last_success_at
from (
  {%- for stream in onepassword_known_streams() %}
  select '{{ stream }}' as stream {{ 'union all' if not loop.last }}
  {%- endfor %}
) as streams
cross join {{ onepassword_input('sync_runs') }} as runs
where runs.succeeded
  and runs.ended_at <= {{ onepassword_as_of() }}
  and (runs.stream is null or runs.stream = streams.stream)
group by streams.stream, {{ onepassword_to_date('runs.ended_at') }}
